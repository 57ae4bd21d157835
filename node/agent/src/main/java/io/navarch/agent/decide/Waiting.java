package io.navarch.agent.decide;

/// Why a container does not run although it should.
public record Waiting(String reason, String message) {
    public static final String CRASH_LOOP = "CrashLoopBackOff";

    public boolean crashLoop() {
        return reason.equals(CRASH_LOOP);
    }
}
