package io.navarch.process;

import org.slf4j.LoggerFactory;

/// What happens when a process has lost a duty that it cannot do without: to go on half would be to answer wrongly, or
/// never.
public interface Fatal {
    /// The exit code of a process that has ended itself, as sysexits.h counts.
    int EXIT_CODE = 70;

    /// @param duty what can no longer be done
    void end(String duty, Throwable why);

    /// Says so and ends the process at once: what is stored is safe, and whoever supervises starts it again.
    static Fatal process() {
        return (duty, why) -> {
            try {
                LoggerFactory.getLogger(Fatal.class).error("the process ends: {} has failed", duty, why);
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        };
    }
}
