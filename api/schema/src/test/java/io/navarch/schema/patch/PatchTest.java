package io.navarch.schema.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PatchTest {
    private static final Schema CONTAINER = Schema.object(
            Map.of("name", Schema.string(""), "image", Schema.string(""), "args", Schema.list(Schema.string(""))));
    private static final Schema SCHEMA = Schema.object(Map.of(
            "containers",
                    SchemaBuilder.list(CONTAINER)
                            .mapList(List.of("name"))
                            .mergeKey("name")
                            .build(),
            "finalizers",
                    SchemaBuilder.list(Schema.string("")).setList().mergeKey("").build(),
            "labels", Schema.mapOf(Schema.string(""))));

    private static Map<String, Object> json(String text) {
        return Json.parseMap(text.replace('\'', '"').getBytes());
    }

    private static void strategic(String before, String patch, String after) {
        assertThat(StrategicMerge.apply(json(before), json(patch), SCHEMA)).isEqualTo(json(after));
    }

    private static void unprocessable(String before, List<String> operations) {
        var patch = Json.parse("[" + String.join(",", operations).replace('\'', '"') + "]");
        assertThatThrownBy(() -> JsonPatch.apply(json(before), patch))
                .isInstanceOf(ApiException.class)
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(422);
    }

    @Test
    @Timeout(60)
    void copiesOfCopiesAreLimited() {
        var doubling = IntStream.range(0, 40)
                .mapToObj(i -> "{'op':'copy','from':'/data','path':'/data/k" + i + "'}")
                .toList();
        unprocessable("{'data':{'a':'b'}}", doubling);
        var large = Map.<String, Object>of("a", "x".repeat(1 << 20));
        var copy = "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}";
        var twice = (Map<?, ?>) JsonPatch.apply(large, Json.parse("[" + copy + "," + copy + "]"));
        assertThat(twice.get("b")).isEqualTo(large.get("a"));
        assertThatThrownBy(() -> JsonPatch.apply(large, Json.parse("[" + copy + "," + copy + "," + copy + "]")))
                .isInstanceOf(ApiException.class);
    }

    @Test
    @Timeout(60)
    void partsThatAreMovedIntoOthersDoNotGrowDeepWithoutEnd() {
        var deeper = IntStream.range(0, 5000)
                .boxed()
                .flatMap(i -> Stream.of(
                        "{'op':'add','path':'/b','value':{}}",
                        "{'op':'move','from':'/a','path':'/b/x'}",
                        "{'op':'move','from':'/b','path':'/a'}"))
                .limit(9999)
                .toList();
        unprocessable("{'a':{}}", deeper);
        var halfway = new ArrayList<>(deeper);
        halfway.set(9998, "{'op':'copy','from':'/a','path':'/c'}");
        unprocessable("{'a':{}}", halfway);
    }

    @Test
    @Timeout(60)
    void largeListsDoNotMakeRoomWithoutEnd() {
        var insertions = Collections.nCopies(10_000, "{'op':'add','path':'/a/0','value':1}");
        unprocessable("{'a':[" + "1,".repeat(1_000_000) + "1]}", insertions);
    }

    /// Looking each element up in the other list would take 10 000 million comparisons and more.
    @Test
    @Timeout(60)
    void largeListsAreMergedByKeysAtOnce() {
        IntFunction<String> named = i -> "{'name':'" + i + "'}";
        var all = IntStream.range(0, 100_000).mapToObj(named).collect(Collectors.joining(","));
        var order = IntStream.range(0, 100_000)
                .mapToObj(i -> named.apply(99_999 - i))
                .collect(Collectors.joining(","));
        var merged = StrategicMerge.apply(
                json("{'containers':[" + all + "]}"),
                json("{'$setElementOrder/containers':[" + order + "],'containers':[" + order + "]}"),
                SCHEMA);
        assertThat(View.of(merged)
                        .get("containers")
                        .views()
                        .getFirst()
                        .get("name")
                        .string())
                .isEqualTo("99999");
        var gone = all.replace("'}", "','$patch':'delete'}");
        var empty = StrategicMerge.apply(
                json("{'containers':[" + all + "]}"), json("{'containers':[" + gone + "]}"), SCHEMA);
        assertThat(View.of(empty).get("containers").list()).isEmpty();
        var texts = IntStream.range(0, 100_000).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));
        var none = StrategicMerge.apply(
                json("{'finalizers':[" + texts + "]}"),
                json("{'$deleteFromPrimitiveList/finalizers':[" + texts + "]}"),
                SCHEMA);
        assertThat(View.of(none).get("finalizers").list()).isEmpty();
    }

    @Test
    void strategicMergeFollowsKeysAndDirectives() {
        strategic(
                "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}",
                "{'containers':[{'name':'b','image':'2'}]}",
                "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'}]}");
        strategic(
                "{'containers':[{'name':'a'},{'name':'b'}]}",
                "{'containers':[{'name':'a','$patch':'delete'}]}",
                "{'containers':[{'name':'b'}]}");
        strategic(
                "{'containers':[{'name':'a'}]}",
                "{'containers':[{'$patch':'replace'},{'name':'c'}]}",
                "{'containers':[{'name':'c'}]}");
        strategic(
                "{'containers':[{'name':'a'},{'name':'b'}]}",
                "{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}",
                "{'containers':[{'name':'b'},{'name':'a'}]}");
        strategic(
                "{'finalizers':['x','y']}",
                "{'$deleteFromPrimitiveList/finalizers':['x'],'finalizers':['z']}",
                "{'finalizers':['z','y']}");
        strategic("{'labels':{'a':'1','b':'2'}}", "{'labels':{'a':null,'c':'3'}}", "{'labels':{'b':'2','c':'3'}}");
        strategic("{'labels':{'a':'1','b':'2'}}", "{'labels':{'$retainKeys':['b'],'b':'3'}}", "{'labels':{'b':'3'}}");
    }

    @Test
    void jsonPatchAppliesInOrderOrNotAtAll() {
        var document = json("{'a':[1,2],'b':{'c':'d'}}");
        var patch = Json.parse(
                "[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":9},{\"op\":\"move\",\"from\":\"/b/c\",\"path\":\"/e\"},{\"op\":\"remove\",\"path\":\"/a/0\"}]");
        assertThat(JsonPatch.apply(document, patch)).isEqualTo(json("{'a':[9,2],'b':{},'e':'d'}"));
        var failing =
                Json.parse("[{\"op\":\"remove\",\"path\":\"/b\"},{\"op\":\"test\",\"path\":\"/a/0\",\"value\":7}]");
        assertThatThrownBy(() -> JsonPatch.apply(document, failing)).isInstanceOf(ApiException.class);
        assertThat(document).isEqualTo(json("{'a':[1,2],'b':{'c':'d'}}"));
    }

    private static void unfit(String operation, String why) {
        var patch = Json.parse("[" + operation.replace('\'', '"') + "]");
        assertThatThrownBy(() -> JsonPatch.apply(json("{'a':[1,2],'b':{'c':'d'}}"), patch))
                .isInstanceOf(JsonPatch.UnfitException.class)
                .hasMessage("the server rejected our request due to an error in our request")
                .extracting(e -> ((JsonPatch.UnfitException) e).why())
                .isEqualTo(why);
    }

    /// Words of evanphx/json-patch 4.13, by which Kubernetes tells what is wrong with a webhook's patch.
    @Test
    void aPatchThatDoesNotFitSaysWhy() {
        unfit(
                "{'op':'add','path':'/x/y','value':1}",
                "add operation does not apply: doc is missing path: \"/x/y\": missing value");
        unfit("{'op':'add','value':1}", "add operation failed to decode path: missing value");
        unfit(
                "{'op':'add','path':'/a/7','value':1}",
                "error in add for path: '/a/7': Unable to access invalid index: 7: invalid index referenced");
        unfit(
                "{'op':'add','path':'/a/x','value':1}",
                "error in add for path: '/a/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\":"
                        + " invalid syntax");
        unfit(
                "{'op':'remove','path':'/b/x'}",
                "error in remove for path: '/b/x': Unable to remove nonexistent key: x: missing value");
        unfit(
                "{'op':'replace','path':'/x/y','value':1}",
                "replace operation does not apply: doc is missing path: /x/y: missing value");
        unfit(
                "{'op':'replace','path':'/a/9','value':1}",
                "replace operation does not apply: doc is missing key: /a/9: missing value");
        unfit(
                "{'op':'replace','value':1}",
                "replace operation failed to decode path: operation missing path field: missing value");
        unfit(
                "{'op':'move','from':'/b/x','path':'/e'}",
                "error in move for path: 'x': Unable to remove nonexistent key: x: missing value");
        unfit(
                "{'op':'move','path':'/e'}",
                "move operation failed to decode from: operation, missing from field: missing value");
        unfit(
                "{'op':'copy','from':'/b/c','path':'/x/y'}",
                "copy operation does not apply: doc is missing destination path: /x/y: missing value");
        unfit("{'op':'test','path':'/b/c','value':1}", "testing value /b/c failed: test failed");
        unfit("{'op':'test','path':'/x/y'}", "test operation does not apply: is missing path: /x/y: missing value");
        unfit("{'op':'jump'}", "Unexpected kind: jump");
        unfit("{'path':'/a'}", "Unexpected kind: unknown");
    }

    @Test
    void whatIsNotThereCanBeReplacedAndCopied() {
        var patch = Json.parse("[{\"op\":\"replace\",\"path\":\"/x\",\"value\":1},"
                + "{\"op\":\"copy\",\"from\":\"/y\",\"path\":\"/z\"},{\"op\":\"test\",\"path\":\"/y\"}]");
        assertThat(JsonPatch.apply(json("{'a':1}"), patch)).isEqualTo(json("{'a':1,'x':1,'z':null}"));
    }

    private final ManagedFields fields =
            new ManagedFields(ManagedFields.Versions.single("v1", SCHEMA, false), "v1", FieldSet.of());

    private Map<String, Object> apply(Map<String, Object> live, String config, String manager, boolean force) {
        return fields.apply(
                View.of(live), json(config), new FieldOwner(manager, "Apply", "v1", ""), force, Instant.EPOCH);
    }

    private static Map<String, Object> bare(Map<String, Object> object) {
        object.remove("metadata");
        return object;
    }

    @Test
    void applyMergesByOwnerAndRemovesWhatIsNoLongerApplied() {
        var live = apply(null, "{'containers':[{'name':'a','image':'1'}],'labels':{'x':'1'}}", "one", false);
        live = apply(live, "{'containers':[{'name':'b','image':'1'}],'labels':{'y':'1'}}", "two", false);
        assertThat(View.of(live).get("containers").list()).hasSize(2);
        live = apply(live, "{'labels':{'x':'1'}}", "one", false);
        assertThat(bare(live)).isEqualTo(json("{'labels':{'x':'1','y':'1'},'containers':[{'name':'b','image':'1'}]}"));
    }

    @Test
    void applyConflictsNameTheManagerAndForceTakesOver() {
        var live = apply(null, "{'labels':{'x':'1'}}", "one", false);
        var before = live;
        assertThatThrownBy(() -> apply(before, "{'labels':{'x':'2'}}", "two", false))
                .isInstanceOf(ApiException.class)
                .hasMessage("Apply failed with 1 conflict: conflict with \"one\": .labels.x");
        // The same value is shared, not fought over.
        live = apply(live, "{'labels':{'x':'1'}}", "two", false);
        live = apply(live, "{'labels':{'x':'3'}}", "three", true);
        assertThat(View.of(live).get("labels", "x").string()).isEqualTo("3");
        assertThat(View.of(live).metadata().get("managedFields").stream()
                        .map(entry -> entry.get("manager").string())
                        .toList())
                .containsExactly("three");
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        var config = "{'containers':[{'name':'a','image':'1','args':['x']}],'finalizers':['f'],'labels':{'x':'1'}}";
        var once = apply(null, config, "one", false);
        var twice = fields.apply(
                View.of(once),
                json(config),
                new FieldOwner("one", "Apply", "v1", ""),
                false,
                Instant.MAX.minusSeconds(99));
        assertThat(twice).isEqualTo(once);
    }
}
