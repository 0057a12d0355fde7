package dev.attune.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Attune.class.getPackage().getImplementationVersion();
        return new String[] {
            "attune " + Objects.requireNonNullElse(version, "(not packaged)") + ", Java " + Runtime.version()
        };
    }
}
