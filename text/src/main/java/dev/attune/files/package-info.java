/**
 * Files that are written whole or not at all, downloads that resume, archives that stay inside their folder, and the
 * one exception for input a user can mend.
 */
@NullMarked
package dev.attune.files;

import org.jspecify.annotations.NullMarked;
