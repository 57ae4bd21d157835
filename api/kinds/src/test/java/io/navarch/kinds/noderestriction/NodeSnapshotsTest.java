package io.navarch.kinds.noderestriction;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeSnapshotsTest {
    private static final String OWN = "{metadata: {name: s, resourceVersion: '1', finalizers: [f], labels:"
            + " {local-path.navarch.io/node: mine}}, spec: {driver: local-path.navarch.io, deletionPolicy: Delete}}";

    private static void changes(Operation operation, String subresource, String object, String old) {
        var call = new Admission.Attributes(
                operation,
                "snapshot.storage.k8s.io",
                "v1",
                "volumesnapshotcontents",
                subresource,
                "",
                "s",
                "system:node:mine",
                "",
                List.of("system:nodes"),
                Map.of(),
                warning -> {});
        NodeSnapshots.check(call, "mine", View.of(Yaml.parse(object)), View.of(Yaml.parse(old)));
    }

    private static void refused(String why, Operation operation, String subresource, String object, String old) {
        assertThatThrownBy(() -> changes(operation, subresource, object, old)).hasMessageContaining(why);
    }

    @Test
    void aNodeSaysWhatBecameOfItsOwn() {
        var told = OWN.replace("spec:", "status: {readyToUse: true}, spec:").replace("'1'", "'2'");
        assertThatCode(() -> changes(Operation.UPDATE, "status", told, OWN)).doesNotThrowAnyException();
        assertThatCode(() -> changes(Operation.UPDATE, "", OWN.replace("[f]", "[]"), OWN))
                .doesNotThrowAnyException();
    }

    @Test
    void aNodeCallsASnapshotByItsOwnName() {
        var taken = OWN.replace("deletionPolicy: Delete", "source: {volumeHandle: v}");
        var given = OWN.replace("deletionPolicy: Delete", "source: {snapshotHandle: mine/t}");
        assertThatCode(() -> changes(Operation.UPDATE, "status", called(taken, "mine/s"), taken))
                .doesNotThrowAnyException();
        assertThatCode(() -> changes(Operation.UPDATE, "status", called(given, "mine/t"), given))
                .doesNotThrowAnyException();
        for (var other : List.of("other/s", "mine/t", "s", "other/snapcontent-of-somebody"))
            refused("another one", Operation.UPDATE, "status", called(taken, other), taken);
        refused("another one", Operation.UPDATE, "status", called(given, "other/t"), given);
    }

    private static String called(String content, String handle) {
        return content.replace("spec:", "status: {snapshotHandle: " + handle + "}, spec:");
    }

    @Test
    void aNodeDoesNothingElseWithSnapshots() {
        refused("do more with snapshots", Operation.CREATE, "", OWN, "{}");
        refused("do more with snapshots", Operation.DELETE, "", "{}", OWN);
        refused("fields other", Operation.UPDATE, "", OWN.replace("Delete", "Retain"), OWN);
        refused("fields other", Operation.UPDATE, "", OWN.replace("node: mine", "node: other"), OWN);
        var others = OWN.replace("node: mine", "node: other");
        refused("does not keep", Operation.UPDATE, "status", others, others);
        var drivers = OWN.replace("driver: local-path.navarch.io", "driver: d");
        refused("does not keep", Operation.UPDATE, "status", drivers, drivers);
        // What it says now does not make it its own.
        refused("does not keep", Operation.UPDATE, "", OWN, others);
    }
}
