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
    private final String description;

    public RuntimeFailure(Reason reason, String description) {
        super("rpc error: code = " + reason.code + " desc = " + description);
        this.reason = reason;
        this.description = description;
    }

    RuntimeFailure(Reason reason, String description, Throwable cause) {
        this(reason, description);
        initCause(cause);
    }

    public Reason reason() {
        return reason;
    }

    /// What the runtime said, without its code.
    public String description() {
        return description;
    }

    public boolean notFound() {
        return reason == Reason.NOT_FOUND;
    }
}
