package io.navarch.apiserver.stages;

import java.io.IOException;

/// One step of the pipeline. It answers the call, refuses it with an exception, or passes it on; what it does after the
/// rest has returned is done whatever happened there.
///
/// @param <I> what the stage must know of a call
/// @param <O> what is known of a call behind the stage
public interface Stage<I, O> {
    void handle(I request, Next<O> next) throws IOException, InterruptedException;

    /// The rest of the pipeline.
    interface Next<T> {
        void proceed(T request) throws IOException, InterruptedException;
    }

    /// This stage, followed by another.
    default <P> Stage<I, P> then(Stage<O, P> after) {
        return (request, next) -> handle(request, passed -> after.handle(passed, next));
    }
}
