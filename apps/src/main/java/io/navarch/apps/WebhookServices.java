package io.navarch.apps;

import io.navarch.client.ReviewFailedException;
import io.navarch.client.Webhooks;
import io.navarch.kinds.service.ServiceEndpoints;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Admission;

/// Finds webhooks that are services of this cluster.
record WebhookServices(Admission.Lookup objects) implements Webhooks.Services {
    @Override
    public Webhooks.Address find(String namespace, String name, int port) throws ReviewFailedException {
        try {
            var found = ServiceEndpoints.find(objects, namespace, name, port);
            return new Webhooks.Address(found.address(), found.port());
        } catch (ApiException e) {
            throw ReviewFailedException.useless(e.message());
        }
    }
}
