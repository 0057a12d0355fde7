package dev.attune.cli;

import picocli.CommandLine.Model.CommandSpec;

/** A command some of whose options are known by classes too slow to load for a command that is not the one that runs. */
interface LateOptions {
    void addOptions(CommandSpec spec);
}
