package io.navarch.apiserver.write;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Gives a new object its identity: name, namespace, uid, time of creation. Whatever the client has sent there is
/// replaced.
final class NewMetadata {
    private final InstantSource clock;
    private final RandomGenerator random;

    NewMetadata(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// @return the object's name
    String complete(ResourceRequest request, Map<String, Object> sent) {
        var kind = request.endpoint().kind();
        var metadata = Trees.child(sent, AnyObject.METADATA);
        var view = View.of(metadata);
        var namespace = namespace(request, sent);
        var prefix = view.get(ObjectMeta.GENERATE_NAME).string();
        if (view.get(ObjectMeta.NAME).string().isEmpty() && !prefix.isEmpty()) {
            metadata.put(ObjectMeta.NAME, Names.generate(prefix, random));
        }
        if (!request.dryRun())
            requireNoVersion(view.get(ObjectMeta.RESOURCE_VERSION).string());
        metadata.remove(ObjectMeta.RESOURCE_VERSION);
        if (kind.namespaced()) metadata.put(ObjectMeta.NAMESPACE, namespace);
        else metadata.remove(ObjectMeta.NAMESPACE);
        metadata.remove(ObjectMeta.DELETION_TIMESTAMP);
        metadata.remove(ObjectMeta.DELETION_GRACE_PERIOD_SECONDS);
        metadata.remove(ObjectMeta.SELF_LINK);
        metadata.put(ObjectMeta.UID, UUID.randomUUID().toString());
        metadata.put(ObjectMeta.CREATION_TIMESTAMP, Timestamps.seconds(clock.instant()));
        if (kind.hasStatus() && !kind.keepsStatusOfNew()) sent.remove(AnyObject.STATUS);
        if (kind.countsFirst()) metadata.put(ObjectMeta.GENERATION, 1L);
        return view.get(ObjectMeta.NAME).string();
    }

    /// What is no version at all is let through, as 0 is.
    private static void requireNoVersion(String version) {
        if (version.matches("[0-9]*[1-9][0-9]*"))
            throw new ApiException(
                    ApiException.Reason.UNKNOWN, "resourceVersion should not be set on objects to be created");
    }

    private static String namespace(ResourceRequest request, Map<String, Object> sent) {
        Preconditions.checkNamespace(request, View.of(sent));
        return request.info().namespace();
    }
}
