package io.navarch.reconcile;

/// A controller together with what completes its observations.
public record ControllerRun<S>(Controller<S> controller, ReadStep<S> reads) {
    /// A controller that caches tell everything.
    public static <S> ControllerRun<S> of(Controller<S> controller) {
        return new ControllerRun<>(controller, ReadStep.none());
    }
}
