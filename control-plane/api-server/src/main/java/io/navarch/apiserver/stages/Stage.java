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

    /// This stage, before the rest of the pipeline.
    default Next<I> before(Next<O> rest) {
        return new Link<>(this, rest);
    }

    /// This stage, followed by another.
    default <P> Stage<I, P> then(Stage<O, P> after) {
        return new Chain<>(this, after);
    }

    /// A place in a pipeline: one frame of the stack for a stage, which a watch keeps as long as it lasts.
    record Link<I, O>(Stage<I, O> stage, Next<O> rest) implements Next<I> {
        @Override
        public void proceed(I request) throws IOException, InterruptedException {
            stage.handle(request, rest);
        }
    }

    /// Two stages that count as one. In a pipeline each of them has its own place.
    record Chain<I, O, P>(Stage<I, O> first, Stage<O, P> second) implements Stage<I, P> {
        @Override
        public void handle(I request, Next<P> next) throws IOException, InterruptedException {
            before(next).proceed(request);
        }

        @Override
        public Next<I> before(Next<P> rest) {
            return first.before(second.before(rest));
        }
    }
}
