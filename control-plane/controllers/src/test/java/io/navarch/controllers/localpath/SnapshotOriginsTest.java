package io.navarch.controllers.localpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.Answers;
import io.navarch.controllers.localpath.LocalPathController.Seen;
import io.navarch.controllers.localpath.origin.SnapshotOrigins;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StorageClass;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotOriginsTest {
    private static final String GROUP = "/apis/snapshot.storage.k8s.io/v1/";
    private static final String SNAPSHOT = "{metadata: {name: s, namespace: ns, uid: u}, status: {readyToUse: true,"
            + " boundVolumeSnapshotContentName: kept}}";
    private static final String CONTENT = "{metadata: {name: kept, labels: {local-path.navarch.io/node: one}},"
            + " spec: {driver: local-path.navarch.io, source: {volumeHandle: v}, volumeSnapshotRef: {uid: u}}, status: {readyToUse: true, snapshotHandle: one/kept, restoreSize: 1024}}";

    private final Map<String, String> known = new HashMap<>(Map.of(
            GROUP + "namespaces/ns/volumesnapshots/s", SNAPSHOT, GROUP + "volumesnapshotcontents/kept", CONTENT));

    private Origin found() {
        var claim = PersistentVolumeClaim.of(View.of(Yaml.parse("{metadata: {name: c, namespace: ns}}")));
        var terms = new Provision.Terms(StorageClass.ABSENT, "", Node.ABSENT);
        var seen = new Seen.Claim(claim, terms, new Origin.Snapshot("s"), PersistentVolume.ABSENT);
        return ((Seen.Claim) new SnapshotOrigins(Answers.client(known)).read(seen, Instant.EPOCH)).origin();
    }

    private void missing(String path, String from, String to, String why) {
        var before = known.get(GROUP + path);
        known.put(GROUP + path, before.replace(from, to));
        assertThat(found()).isEqualTo(new Origin.Missing(why));
        known.put(GROUP + path, before);
    }

    @Test
    void aSnapshotThatIsReadyIsFoundWhereItsContentSays() {
        assertThat(found()).isEqualTo(new Origin.Kept("snapshot/kept", "one", Quantity.parse("1024")));
    }

    @Test
    void aNodeCannotSayThatASnapshotIsSomebodyElses() {
        var path = "volumesnapshotcontents/kept";
        var why = "snapshot s is not what its content says";
        missing(path, "one/kept", "two/kept", why);
        missing(path, "one/kept", "one/another", why);
        missing(path, "node: one", "node: two", why);
        // What an administrator says is another matter.
        known.computeIfPresent(
                GROUP + path, (key, content) -> content.replace("volumeHandle: v", "snapshotHandle: two/other"));
        assertThat(found()).isEqualTo(new Origin.Kept("snapshot/other", "two", Quantity.parse("1024")));
    }

    @Test
    void whatIsNotReadyOrNotItsOwnIsNotTaken() {
        missing("namespaces/ns/volumesnapshots/s", "true", "false", "snapshot s is not Ready");
        missing("volumesnapshotcontents/kept", "readyToUse: true", "readyToUse: false", "snapshot s is not bound");
        missing("volumesnapshotcontents/kept", "driver: local-path.navarch.io", "driver: d", "snapshot s is of d");
        missing("volumesnapshotcontents/kept", "uid: u", "uid: other", "snapshot s is not bound to its content");
        known.clear();
        assertThat(found()).isEqualTo(new Origin.Missing("error getting snapshot s: not found"));
    }
}
