package io.navarch.agent.numa;

/// A container cannot be given what it asks for.
public final class AllocationException extends Exception {
    private final String reason;

    private AllocationException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// A container that asks for parts of cores where whole ones are given.
    public static AllocationException ofCores(String why) {
        return new AllocationException("SMTAlignmentError", "SMT Alignment Error: " + why);
    }

    /// Whatever else is in its way.
    public static AllocationException unexpected(String why) {
        return new AllocationException(
                "UnexpectedAdmissionError", "Allocate failed due to " + why + ", which is unexpected");
    }

    /// Why the pod is not taken.
    public String reason() {
        return reason;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
