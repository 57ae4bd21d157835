package io.navarch.apps.doctor;

/// Something that was found out about a machine.
///
/// @param what there is, in one line
/// @param advice what to do, `""` when nothing has to be done
public record Finding(Level level, String what, String advice) {
    public enum Level {
        OK,
        /// It works, and will hurt one day.
        WARNING,
        /// It does not work.
        PROBLEM
    }

    static Finding ok(String what) {
        return new Finding(Level.OK, what, "");
    }

    static Finding warning(String what, String advice) {
        return new Finding(Level.WARNING, what, advice);
    }

    static Finding problem(String what, String advice) {
        return new Finding(Level.PROBLEM, what, advice);
    }
}
