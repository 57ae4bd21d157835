package io.navarch.client;

import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries again for about two minutes while a server is not there; what a server refuses is dropped.
final class EventDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final int TRIES = 12;

    /// Who says this may say something else later.
    private static final Set<Reason> PASSING =
            EnumSet.of(Reason.SERVICE_UNAVAILABLE, Reason.TOO_MANY_REQUESTS, Reason.TIMEOUT);

    interface Call {
        void send();
    }

    /// How long to wait, and how that is done.
    interface Pauses {
        void after(int tries) throws InterruptedException;
    }

    private final Pauses pauses;

    EventDelivery(Pauses pauses) {
        this.pauses = pauses;
    }

    /// Changes an event.
    ///
    /// @return false when it is not there any more: events expire while their objects live on
    static <T extends Lens> boolean changed(Client client, ResourceType<T> type, ObjectKey key, Object change) {
        try {
            client.strategicPatch(type, key, "", change);
            return true;
        } catch (ApiException e) {
            if (e.reason() == Reason.NOT_FOUND) return false;
            throw e;
        }
    }

    void deliver(String what, Call call) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                call.send();
                return;
            } catch (ApiException e) {
                if (!PASSING.contains(e.reason())) {
                    LOG.debug("event {} not recorded: {}", what, e.getMessage());
                    return;
                }
                if (tries == TRIES) {
                    LOG.warn("event {} given up: {}", what, e.getMessage());
                    return;
                }
            }
            pauses.after(tries);
        }
    }
}
