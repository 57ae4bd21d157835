package io.navarch.csi;

import java.util.Set;

/// Why a program behind a socket did not do what it was asked for, in the words that gRPC has for it in Go, in which
/// everybody knows them.
public final class CsiFailure extends RuntimeException {
    /// The codes of gRPC that are looked at.
    public enum Code {
        CANCELED("Canceled"),
        UNKNOWN("Unknown"),
        INVALID_ARGUMENT("InvalidArgument"),
        DEADLINE_EXCEEDED("DeadlineExceeded"),
        NOT_FOUND("NotFound"),
        ALREADY_EXISTS("AlreadyExists"),
        PERMISSION_DENIED("PermissionDenied"),
        RESOURCE_EXHAUSTED("ResourceExhausted"),
        FAILED_PRECONDITION("FailedPrecondition"),
        ABORTED("Aborted"),
        OUT_OF_RANGE("OutOfRange"),
        UNIMPLEMENTED("Unimplemented"),
        INTERNAL("Internal"),
        UNAVAILABLE("Unavailable"),
        DATA_LOSS("DataLoss"),
        UNAUTHENTICATED("Unauthenticated");

        private final String text;

        Code(String text) {
            this.text = text;
        }
    }

    /// After these the call may still be at work.
    private static final Set<Code> UNCERTAIN =
            Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.ABORTED);

    private static final int LONGEST = 1024;

    private final Code code;

    public CsiFailure(Code code, String description, Throwable cause) {
        super("rpc error: code = " + code.text + " desc = " + shortened(description), cause);
        this.code = code;
    }

    /// What others write ends up in Events.
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    public Code code() {
        return code;
    }

    /// Whether nothing of the call is under way any more.
    public boolean isFinal() {
        return !UNCERTAIN.contains(code);
    }
}
