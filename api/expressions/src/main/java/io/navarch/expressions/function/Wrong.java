package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import java.util.function.Supplier;

/// Ends the reading of a text. It is thrown often, and says why only when it is asked.
final class Wrong extends RuntimeException {
    private final transient Supplier<String> reason;

    Wrong(String reason) {
        this(() -> reason);
    }

    Wrong(Supplier<String> reason) {
        super(null, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason.get();
    }

    Failure failure(String before) {
        return new Failure(() -> before + reason.get());
    }
}
