package io.navarch.apiserver.write;

import io.navarch.objects.ApiException;
import io.navarch.schema.KindDefinition;

/// Somebody else has written the object between reading and storing it. Trying again on the newer object may succeed.
final class StaleObjectException extends ApiException {
    private StaleObjectException(ApiException conflict) {
        super(conflict.reason(), String.valueOf(conflict.getMessage()), conflict.details());
    }

    static StaleObjectException of(KindDefinition kind, String name) {
        return new StaleObjectException(conflict(kind, name));
    }

    /// The same answer to a client that asked for one version and no other: there is nothing to try again.
    static ApiException conflict(KindDefinition kind, String name) {
        return ApiException.conflict(
                kind.plural(),
                kind.group(),
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }
}
