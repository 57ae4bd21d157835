package io.navarch.store;

/// Threads that use native memory are waited for, whatever interrupts the waiting.
final class Threads {
    private Threads() {}

    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
