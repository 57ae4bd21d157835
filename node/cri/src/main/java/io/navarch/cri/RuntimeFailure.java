package io.navarch.cri;

/// A call that the runtime refused or could not carry out, in the runtime's own words.
public final class RuntimeFailure extends RuntimeException {
    /// The gRPC codes that mean something to a caller; all others are [#UNKNOWN].
    public enum Reason {
        NOT_FOUND("NotFound"),
        UNAVAILABLE("Unavailable"),
        DEADLINE_EXCEEDED("DeadlineExceeded"),
        INVALID_ARGUMENT("InvalidArgument"),
        UNKNOWN("Unknown");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }

    private final Reason reason;

    public RuntimeFailure(Reason reason, String description) {
        super("rpc error: code = " + reason.code + " desc = " + description);
        this.reason = reason;
    }

    RuntimeFailure(Reason reason, String description, Throwable cause) {
        this(reason, description);
        initCause(cause);
    }

    public Reason reason() {
        return reason;
    }

    public boolean notFound() {
        return reason == Reason.NOT_FOUND;
    }
}
