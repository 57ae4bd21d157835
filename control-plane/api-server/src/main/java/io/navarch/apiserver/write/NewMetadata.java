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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Gives a new object its identity: namespace, name, uid, time of creation. Whatever the client has sent there is
/// replaced. The namespace is there for all to see; the rest is given once admission has completed the object.
final class NewMetadata {
    /// What the server alone gives.
    private static final List<String> GIVEN = List.of(
            ObjectMeta.RESOURCE_VERSION,
            ObjectMeta.UID,
            ObjectMeta.CREATION_TIMESTAMP,
            ObjectMeta.DELETION_TIMESTAMP,
            ObjectMeta.DELETION_GRACE_PERIOD_SECONDS,
            ObjectMeta.SELF_LINK);
    /// Stands for the name of an object that will be refused because it has none.
    private static final String NAMELESS = "Unknown";

    private final InstantSource clock;
    private final RandomGenerator random;

    NewMetadata(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// Takes away what is not the client's to say.
    ///
    /// @return what to call the object until it has its name
    String prepare(ResourceRequest request, Map<String, Object> sent) {
        var kind = request.endpoint().kind();
        var metadata = Trees.child(sent, AnyObject.METADATA);
        var view = View.of(metadata);
        var namespace = namespace(request, sent);
        if (!request.dryRun())
            requireNoVersion(view.get(ObjectMeta.RESOURCE_VERSION).string());
        if (kind.namespaced()) metadata.put(ObjectMeta.NAMESPACE, namespace);
        else metadata.remove(ObjectMeta.NAMESPACE);
        for (var field : GIVEN) metadata.remove(field);
        if (kind.hasStatus() && !kind.keepsStatusOfNew()) sent.remove(AnyObject.STATUS);
        if (kind.countsFirst()) metadata.put(ObjectMeta.GENERATION, 1L);
        return Stream.of(ObjectMeta.NAME, ObjectMeta.GENERATE_NAME)
                .map(field -> view.get(field).string())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(NAMELESS);
    }

    /// The same creation, of an object that has its name.
    Write identify(Write write, Map<String, Object> object) {
        var metadata = Trees.child(object, AnyObject.METADATA);
        var view = View.of(metadata);
        var prefix = view.get(ObjectMeta.GENERATE_NAME).string();
        if (view.get(ObjectMeta.NAME).string().isEmpty() && !prefix.isEmpty())
            metadata.put(ObjectMeta.NAME, Names.generate(prefix, random));
        metadata.put(ObjectMeta.UID, UUID.randomUUID().toString());
        metadata.put(ObjectMeta.CREATION_TIMESTAMP, Timestamps.seconds(clock.instant()));
        return write.named(view.get(ObjectMeta.NAME).string());
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
