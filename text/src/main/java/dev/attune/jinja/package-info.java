/**
 * The part of Jinja that chat templates are written in, with Python's semantics: what Jinja2's sandbox renders as
 * transformers sets it up ({@code trim_blocks}, {@code lstrip_blocks}, loop controls, the generation tag), or an error
 * that names the construct. Templates see strings, numbers, lists and dicts only; no Java class is within their reach.
 *
 * <p>Values by Python's names: {@code None} is {@link dev.attune.jinja.None}, {@code bool} Boolean, {@code int} Long
 * (or BigInteger, which is printed but not calculated with), {@code float} Double, {@code str} String, {@code list}
 * List, {@code tuple} Tuple, {@code dict} Map; never a Java null.
 */
@NullMarked
package dev.attune.jinja;

import org.jspecify.annotations.NullMarked;
