package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.schema.ownership.FieldOwner;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What every write goes through once its object has been decoded. Create, update, patch, apply and scale differ only
/// in
/// how they arrive at the object, and in what they answer.
public final class WritePipeline {
    private final NewMetadata newMetadata;
    private final AdmissionChain admission;
    private final ObjectStore store;
    private final List<WriteStage> stages;
    private final List<WriteStage> guardedStages;
    /// Held from admission to store by writes that a plugin wants to happen one at a time.
    private final NamedLocks locks = new NamedLocks();

    public WritePipeline(
            Storage storage,
            AdmissionChain admission,
            Ownership ownership,
            EscalationGuard escalation,
            CreationRight right,
            InstantSource clock,
            RandomGenerator random) {
        this.admission = admission;
        newMetadata = new NewMetadata(clock, random);
        store = new ObjectStore(storage);
        stages = List.of(
                KindStages::convert,
                new SentParts(),
                new OwnerDuplicates(),
                KindStages::applyDefaultsAsSent,
                ownership,
                admission::awaitNeeded);
        guardedStages = List.of(
                admission::complete,
                escalation,
                KindStages::prepare,
                KindStages::applyDefaults,
                KindStages::countGeneration,
                KindStages::validate,
                right,
                admission::validate,
                KindStages::shape);
    }

    /// Stores a new object, given in the endpoint's version.
    StoredObject create(ResourceRequest request, Map<String, Object> sent, FieldOwner manager) {
        return run(Write.creation(request, newMetadata.prepare(request, sent), manager), sent);
    }

    /// Stores a new object whose managed fields are known.
    StoredObject createOwned(ResourceRequest request, Map<String, Object> made, FieldOwner manager) {
        return run(
                Write.creation(request, newMetadata.prepare(request, made), manager)
                        .owned(),
                made);
    }

    /// Takes an object through all stages and stores it.
    StoredObject run(Write write, Map<String, Object> sent) {
        var object = through(stages, write, sent);
        try (var _ = locks.take(admission.serialised(write.call()))) {
            // Plugins refuse a new object by the prefix of its name: it is named when all of them have let it pass.
            var admitted = admission.admit(write, object);
            var named = write.creates() ? newMetadata.identify(write, admitted) : write;
            return store.write(named, through(guardedStages, named, admitted));
        }
    }

    private static Map<String, Object> through(List<WriteStage> stages, Write write, Map<String, Object> object) {
        var result = object;
        for (var stage : stages) result = stage.apply(write, result);
        return result;
    }

    ObjectStore store() {
        return store;
    }
}
