package io.navarch.apiserver.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.Samples;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.Response;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.User;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Each stage of a write by itself.
class WriteStagesTest {
    private static final FieldOwner MANAGER = new FieldOwner("tests", FieldOwner.UPDATE, "v1", "");

    private static ResourceRequest request(KindDefinition kind, String uri) {
        var call = new FakeCall("PUT", uri);
        var protobuf = new Protobuf(
                new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, name) -> Schema.NONE);
        var response = new Response(call, protobuf, new BodyBudget(1 << 30));
        var endpoint = new Endpoint(
                kind, kind.version("v1").orElseThrow(), Optional.of(new ObjectCache(kind)), Optional.empty());
        return new ResourceRequest(new ApiRequest(call, RequestInfo.of(call), User.ANONYMOUS, response), endpoint);
    }

    private static Map<String, Object> tree(String yaml) {
        return View.of(Yaml.parse(yaml)).map();
    }

    private static StoredObject stored(KindDefinition kind, String yaml) {
        var object = tree(yaml);
        var key = kind.storagePrefix() + "ns/" + View.of(object).name();
        return StoredObject.of(key, Json.write(object), 7, kind, View.of(object));
    }

    private static Write update(KindDefinition kind, String subresource, String old) {
        var uri = "/api/v1/namespaces/ns/things/x" + (subresource.isEmpty() ? "" : "/" + subresource);
        var request = request(kind, uri);
        return Write.update(request, stored(kind, old), Part.of(request), MANAGER);
    }

    private static final String OLD = """
            metadata: {name: x, namespace: ns, uid: u, creationTimestamp: then, generation: 3, labels: {a: old}}
            spec: {size: 1}
            status: {ready: 1}
            """;

    @Test
    void theMainPartLeavesTheStatusAlone() {
        var kind = Samples.declareThings().withStatus().build();
        var sent = tree("""
                metadata: {name: x, labels: {a: new}}
                spec: {size: 2}
                status: {ready: 9}
                """);
        var object = View.of(new SentParts().apply(update(kind, "", OLD), sent));
        assertThat(object.spec().get("size").value()).isEqualTo(2L);
        assertThat(object.status().get("ready").value()).isEqualTo(1L);
        assertThat(object.labels()).containsEntry("a", "new");
    }

    @Test
    void theStatusPartLeavesEverythingElseAlone() {
        var kind = Samples.declareThings().withStatus().build();
        var sent = tree("""
                metadata: {name: x, labels: {a: new}}
                spec: {size: 2}
                status: {ready: 9}
                """);
        var object = View.of(new SentParts().apply(update(kind, "status", OLD), sent));
        assertThat(object.spec().get("size").value()).isEqualTo(1L);
        assertThat(object.status().get("ready").value()).isEqualTo(9L);
    }

    @Test
    void whatTheServerOwnsStaysAsItWas() {
        var sent = tree("metadata: {name: x, creationTimestamp: now, generation: 9, selfLink: here}");
        var metadata = View.of(new SentParts().apply(update(Samples.things(), "", OLD), sent))
                .metadata();
        assertThat(metadata.get("creationTimestamp").string()).isEqualTo("then");
        assertThat(metadata.get("generation").value()).isEqualTo(3L);
        assertThat(metadata.get("uid").string()).isEqualTo("u");
        assertThat(metadata.get("selfLink").exists()).isFalse();
    }

    @Test
    void anObjectThatIsBeingDeletedStaysSo() {
        var deleting = "metadata: {name: x, deletionTimestamp: soon, deletionGracePeriodSeconds: 30}";
        var object =
                View.of(new SentParts().apply(update(Samples.things(), "", deleting), tree("metadata: {name: x}")));
        assertThat(object.deleting()).isTrue();
        assertThat(object.metadata().get("deletionGracePeriodSeconds").value()).isEqualTo(30L);
    }

    @Test
    void theGenerationCountsChangesOfTheSpecOnly() {
        var kind = Samples.declareThings().withStatus().withGeneration().build();
        var write = update(kind, "", OLD);
        var sameSpec = tree("metadata: {name: x, labels: {a: new}}\nspec: {size: 1}\nstatus: {ready: 5}");
        assertThat(View.of(KindStages.countGeneration(write, sameSpec))
                        .metadata()
                        .get("generation")
                        .value())
                .isEqualTo(3L);
        var newSpec = tree("metadata: {name: x}\nspec: {size: 2}");
        assertThat(View.of(KindStages.countGeneration(write, newSpec))
                        .metadata()
                        .get("generation")
                        .value())
                .isEqualTo(4L);
    }

    @Test
    void rulesAreThoseOfThePartThatIsWritten() {
        var kind = Samples.declareThings()
                .withStatus()
                .ruledBy((object, old) -> List.of(FieldError.required("spec.size", "")))
                .statusRuledBy((object, old) -> List.of(FieldError.required("status.ready", "")))
                .build();
        assertThatThrownBy(() -> KindStages.validate(update(kind, "", OLD), tree(OLD)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("spec.size")
                .hasMessageNotContaining("status.ready");
        assertThatThrownBy(() -> KindStages.validate(update(kind, "status", OLD), tree(OLD)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("status.ready")
                .hasMessageNotContaining("spec.size");
    }

    @Test
    void admissionSeesOneCallFromBeginningToEnd() {
        var write = update(Samples.things(), "status", OLD);
        assertThat(write.call().operation()).isEqualTo(Operation.UPDATE);
        assertThat(write.call().subresource()).isEqualTo("status");
        assertThat(write.call().name()).isEqualTo("x");
        assertThat(write.creates()).isFalse();
    }

    private static NewMetadata newMetadata() {
        return new NewMetadata(() -> Instant.parse("2026-01-02T03:04:05Z"), RandomGenerator.of("L64X128MixRandom"));
    }

    private static Write created(ResourceRequest request, Map<String, Object> sent) {
        return Write.creation(request, newMetadata().prepare(request, sent), MANAGER);
    }

    @Test
    void aNewObjectGetsAnIdentityOfItsOwn() {
        var kind = Samples.declareThings().withStatus().withGeneration().build();
        var sent = tree("""
                metadata: {name: x, uid: forged, creationTimestamp: forged, deletionTimestamp: forged, generation: 9}
                status: {ready: 9}
                """);
        var write = created(request(kind, "/api/v1/namespaces/ns/things"), sent);
        assertThat(View.of(sent).metadata().get("uid").exists()).isFalse();
        assertThat(View.of(sent).metadata().get("creationTimestamp").exists()).isFalse();
        var named = newMetadata().identify(write, sent);
        var metadata = View.of(sent).metadata();
        assertThat(write.call().name()).isEqualTo("x");
        assertThat(named.call().name()).isEqualTo("x");
        assertThat(metadata.get("namespace").string()).isEqualTo("ns");
        assertThat(metadata.get("uid").string()).isNotEmpty().isNotEqualTo("forged");
        assertThat(metadata.get("creationTimestamp").string()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(metadata.get("generation").value()).isEqualTo(1L);
        assertThat(View.of(sent).deleting()).isFalse();
        assertThat(View.of(sent).status().exists()).isFalse();
    }

    @Test
    void aNameIsGeneratedWhereOnlyAPrefixIsGiven() {
        var sent = tree("metadata: {generateName: web-}");
        var write = created(request(Samples.things(), "/api/v1/namespaces/ns/things"), sent);
        assertThat(write.call().name()).isEqualTo("web-");
        assertThat(View.of(sent).name()).isEmpty();
        var name = newMetadata().identify(write, sent).call().name();
        assertThat(name).startsWith("web-").hasSizeGreaterThan(4);
        assertThat(View.of(sent).name()).isEqualTo(name);
    }

    @Test
    void aNewObjectHasNoVersionAndNoOtherNamespace() {
        var request = request(Samples.things(), "/api/v1/namespaces/ns/things");
        assertThatThrownBy(() -> newMetadata().prepare(request, tree("metadata: {name: x, resourceVersion: '5'}")))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> newMetadata().prepare(request, tree("metadata: {name: x, namespace: other}")))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void anUpdateMustMeanTheCurrentVersion() {
        var current = stored(Samples.things(), OLD);
        var request = request(Samples.things(), "/api/v1/namespaces/ns/things/x");
        for (var fine : List.of("{}", "{resourceVersion: '0'}", "{resourceVersion: '7'}")) {
            Preconditions.requireVersion(request, View.of(tree("metadata: " + fine)), current);
        }
        assertThatThrownBy(() -> Preconditions.requireVersion(
                        request, View.of(tree("metadata: {resourceVersion: '6'}")), current))
                .hasMessageContaining("the object has been modified");
        assertThatThrownBy(() -> Preconditions.requireVersion(
                        request, View.of(tree("metadata: {resourceVersion: new}")), current))
                .hasMessageContaining("invalid syntax");
    }

    @Test
    void anObjectMadeAnewIsAnotherOne() {
        var current = stored(Samples.things(), OLD);
        var request = request(Samples.things(), "/api/v1/namespaces/ns/things/x");
        Preconditions.requireUid(request, View.of(tree("metadata: {uid: u}")), current);
        assertThatThrownBy(() -> Preconditions.requireUid(request, View.of(tree("metadata: {uid: v}")), current))
                .hasMessageContaining("UID in precondition: v, UID in object meta: u");
    }

    @Test
    void writingTheSameIsNoChange() {
        var old = View.of(tree("metadata: {name: x, resourceVersion: '7'}\nspec: {a: 1}"));
        assertThat(TreeComparison.unchanged(View.of(tree("metadata: {name: x}\nspec: {a: 1}")), old))
                .isTrue();
        assertThat(TreeComparison.unchanged(View.of(tree("metadata: {name: x}\nspec: {a: 2}")), old))
                .isFalse();
        assertThat(TreeComparison.unchanged(View.of(tree("metadata: {name: x}")), old))
                .isFalse();
        var managed = Trees.copy(old.map());
        Trees.put(managed, List.of(Trees.map("manager", "m", "time", "now")), "metadata", "managedFields");
        var later = Trees.copy(old.map());
        Trees.put(later, List.of(Trees.map("manager", "m", "time", "later")), "metadata", "managedFields");
        assertThat(TreeComparison.unchanged(View.of(managed), View.of(later))).isTrue();
        assertThat(TreeComparison.unchanged(View.of(managed), old)).isFalse();
    }
}
