package io.navarch.apiserver.registry;

import java.time.Duration;
import java.util.function.Supplier;

/// How somebody waits for others who convert objects: not for ever, and without holding what calls need that wait for
/// nobody.
public interface Asking {
    /// The longest time that kube-apiserver gives a call.
    Duration LONGEST = Duration.ofSeconds(60);

    /// Whoever holds nothing.
    Asking ALONE = new Asking() {
        @Override
        public Duration left() {
            return LONGEST;
        }

        @Override
        public <T> T during(Supplier<T> wait) {
            return wait.get();
        }
    };

    /// How long others may still be waited for; nothing or less when it has been too long.
    Duration left();

    /// Waits for others.
    <T> T during(Supplier<T> wait);
}
