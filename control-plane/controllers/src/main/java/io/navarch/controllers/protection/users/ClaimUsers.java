package io.navarch.controllers.protection.users;

import io.navarch.client.Client;
import io.navarch.controllers.protection.ProtectionController;
import io.navarch.controllers.protection.ProtectionController.Seen;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.reconcile.ReadStep;
import java.time.Instant;

/// Asks once more before a claim is let go: a pod may have been given a node that the cache has not heard of yet.
public record ClaimUsers(Client client) implements ReadStep<Seen> {
    @Override
    public Seen read(Seen seen, Instant now) {
        if (seen.used()) return seen;
        var claim = PersistentVolumeClaim.of(View.over(seen.object()));
        boolean used = client.items(Resources.PODS, claim.namespace(), "").stream()
                .anyMatch(pod -> ProtectionController.uses(pod, claim));
        return new Seen(seen.object(), used);
    }
}
