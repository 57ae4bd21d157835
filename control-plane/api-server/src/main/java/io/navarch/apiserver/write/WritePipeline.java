package io.navarch.apiserver.write;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.AdmissionTimes;
import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Verb;
import io.navarch.schema.ownership.FieldOwner;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What every write goes through once its object has been decoded. Create, update, patch, apply and scale
/// differ only in how they arrive at the object, and in what they answer.
public final class WritePipeline {
    /// What plugins have given an object may be taken while others are asked about it; then it is given something else.
    private static final int MOST_TRIES = 3;

    private final NewMetadata newMetadata;
    private final AdmissionChain admission;
    private final AskedAdmission asked;
    private final AdmissionTimes times;
    private final ObjectStore store;
    private final EscalationGuard escalation;
    private final SentParts sentParts = new SentParts();
    private final List<WriteStage> stages;
    private final List<WriteStage> preparing;
    private final List<WriteStage> settling;
    /// Held by writes that a plugin wants to happen one at a time, from when their object has its name until it is
    /// stored; not while others are asked about them, or the rules of definitions are worked out.
    private final NamedLocks locks = new NamedLocks();

    public WritePipeline(
            Storage storage,
            AdmissionChain admission,
            AskedAdmission asked,
            AdmissionTimes times,
            Ownership ownership,
            EscalationGuard escalation,
            CreationRight right,
            InstantSource clock,
            RandomGenerator random) {
        this.admission = admission;
        this.asked = asked;
        this.escalation = escalation;
        this.times = times;
        newMetadata = new NewMetadata(clock, random);
        store = new ObjectStore(storage);
        stages = List.of(
                KindStages::convert,
                sentParts,
                new OwnerDuplicates(),
                KindStages::applyDefaultsAsSent,
                ownership,
                admission::awaitNeeded);
        preparing = List.of(
                KindStages::prepare,
                KindStages::applyDefaults,
                KindStages::countGeneration,
                KindStages::validate,
                right);
        settling = List.of(this::validated, KindStages::shape);
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
        var admitted = mutated(write, through(stages, write, sent));
        // Plugins refuse a new object by the prefix of its name: it is named when all of them have let it pass.
        var named = write.creates() ? newMetadata.identify(write, admitted) : write;
        escalation.apply(named, admitted);
        var call = asksOthers(named)
                ? Optional.of(call(named, View.of(admitted).name())).filter(asked::validates)
                : Optional.<AdmissionCall>empty();
        var names = admission.serialised(named.call());
        if (call.isPresent() || !names.isEmpty() && takesTime(named)) return agreed(named, admitted, names, call);
        try (var _ = locks.take(names)) {
            return store.write(
                    named, through(settling, named, through(preparing, named, admission.complete(named, admitted))));
        }
    }

    /// Whether others may have to be asked on the way to the store: who converts objects, and who knows whether
    /// a caller may create what it updates. Rules of definitions may take long as well.
    private static boolean takesTime(Write write) {
        return write.endpoint().kind().custom()
                || write.creates() && !write.request().info().is(Verb.CREATE);
    }

    /// Whether others are asked about a write itself: not about what follows from a call that they were asked about.
    private static boolean asksOthers(Write write) {
        return write.part() != Part.WHOLE
                && !write.request().info().subresource().equals(ScaleHandler.SUBRESOURCE);
    }

    private AdmissionCall call(Write write, String name) {
        return asked.ofObject(write.request(), write.call().operation(), name);
    }

    /// Plugins and others complete the object or refuse it. A new one may have no name yet.
    private Map<String, Object> mutated(Write write, Map<String, Object> object) {
        return times.admit(write.call().operation(), () -> {
            var admitted = admission.admit(write, object);
            if (!asksOthers(write)) return admitted;
            var changed = asked.mutate(
                    call(write, AskedAdmission.name(object)),
                    admitted,
                    write.old(),
                    again -> admission.admit(write, again));
            return changed == admitted ? admitted : accepted(write, admitted, changed);
        });
    }

    private Map<String, Object> validated(Write write, Map<String, Object> object) {
        times.validate(write.call().operation(), () -> admission.validate(write, object));
        return object;
    }

    /// Others may no more change than whoever has sent the object.
    private Map<String, Object> accepted(Write write, Map<String, Object> before, Map<String, Object> changed) {
        if (write.creates()) newMetadata.prepare(write.request(), changed);
        var kept = sentParts.apply(write, changed);
        Ownership.keepValid(write, View.of(before), kept);
        return new OwnerDuplicates().apply(write, kept);
    }

    /// Stores an object after others have agreed.
    ///
    /// @param names of the locks that it needs
    private StoredObject agreed(
            Write write, Map<String, Object> admitted, List<String> names, Optional<AdmissionCall> call) {
        for (int number = 1; ; number++) {
            // Only with a lock can something be taken meanwhile, so that all has to be done again.
            var object = names.isEmpty() ? admitted : Trees.copy(admitted);
            try (var _ = locks.take(names)) {
                object = admission.complete(write, object);
            }
            object = through(preparing, write, object);
            var seen = object;
            times.validate(write.call().operation(), () -> {
                admission.validateFreely(write, seen);
                call.ifPresent(each -> asked.validate(each, View.of(seen), write.old()));
            });
            boolean custom = write.endpoint().kind().custom();
            var stored = KindStages.shape(write, custom && !names.isEmpty() ? Trees.copy(object) : object);
            try (var _ = locks.take(names)) {
                if (!names.isEmpty() && !still(write, object, number)) continue;
                admission.validateSerialised(write, object);
                return store.write(write, stored);
            }
        }
    }

    /// Whether the object may still have what it was given.
    private boolean still(Write write, Map<String, Object> object, int number) {
        try {
            admission.complete(write, object);
            return true;
        } catch (ApiException e) {
            if (number == MOST_TRIES) throw e;
            return false;
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
