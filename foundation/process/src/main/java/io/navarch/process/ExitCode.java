package io.navarch.process;

import java.util.Map;

/// How a process ended, in words.
public final class ExitCode {
    /// Of a program that was called wrongly: it would end the same way again.
    public static final int WRONG_USAGE = 2;

    /// Of a program that refuses the directory it was given, as sysexits.h counts: it would end the same way again.
    public static final int REFUSED = 78;

    private static final int SIGNALS = 128;
    private static final Map<Integer, String> NAMES = Map.of(
            1, "HUP", 2, "INT", 3, "QUIT", 4, "ILL", 6, "ABRT", 7, "BUS", 9, "KILL", 11, "SEGV", 13, "PIPE", 15,
            "TERM");

    private ExitCode() {}

    /// @param code as a shell counts: signals from 128 on
    public static String told(int code) {
        int signal = code - SIGNALS;
        if (signal <= 0) return "exit code " + code;
        var name = NAMES.get(signal);
        return "signal " + signal + (name == null ? "" : " (SIG" + name + ")");
    }
}
