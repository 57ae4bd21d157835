package io.navarch.apps.lifecycle;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Volumes as a table, then the claims that have none and the snapshots, then what room the nodes have.
record StorageReport(
        List<PersistentVolume> volumes,
        List<PersistentVolumeClaim> claims,
        List<VolumeSnapshotContent> snapshots,
        List<Node> nodes) {
    private static final List<String> HEAD =
            List.of("CLAIM", "VOLUME", "STATUS", "CLASS", "RECLAIM", "NODE", "SIZE", "USED");
    private static final String NOTHING = "-";
    private static final String STORAGE = "storage";
    private static final int MEBI_BITS = 20;

    /// @param used what the directory at a path takes, empty when that is not known here
    List<String> lines(Function<String, OptionalLong> used) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        volumes.stream()
                .sorted(Comparator.comparing(StorageReport::claim).thenComparing(PersistentVolume::name))
                .forEach(volume -> rows.add(row(volume, used)));
        claims.stream()
                .filter(claim -> claim.spec().volumeName().isEmpty())
                .sorted(Comparator.comparing(claim -> claim.key().toString()))
                .forEach(claim -> rows.add(row(claim)));
        snapshots.stream()
                .sorted(Comparator.comparing(StorageReport::snapshot))
                .forEach(each -> rows.add(row(each, used)));
        var lines = new ArrayList<>(table(rows));
        for (var node : nodes) {
            var root = node.annotation(LocalPaths.ROOT);
            if (!root.isEmpty())
                lines.add("node " + node.name() + ": " + node.annotation(LocalPaths.FREE) + " free in " + root);
        }
        return lines;
    }

    private static String claim(PersistentVolume volume) {
        var reference = volume.spec().claimRef();
        return reference.exists() ? reference.namespace() + "/" + reference.name() : NOTHING;
    }

    private static List<String> row(PersistentVolume volume, Function<String, OptionalLong> used) {
        var spec = volume.spec();
        var path = spec.hasLocal() ? spec.local().path() : spec.hostPath().path();
        var size = spec.capacity().get(STORAGE);
        return List.of(
                claim(volume),
                volume.name(),
                volume.deleting() ? "Terminating" : volume.status().phase().text(),
                orNothing(spec.storageClassName()),
                spec.persistentVolumeReclaimPolicy().text(),
                orNothing(LocalPaths.node(volume)),
                size == null ? NOTHING : size.toString(),
                path.isEmpty() ? NOTHING : told(used.apply(path)));
    }

    private static List<String> row(PersistentVolumeClaim claim) {
        var size = claim.spec().resources().requests().get(STORAGE);
        return List.of(
                claim.key().toString(),
                NOTHING,
                claim.deleting() ? "Terminating" : claim.status().phase().text(),
                orNothing(claim.spec().storageClassName()),
                NOTHING,
                orNothing(claim.annotation(PersistentVolumes.SELECTED_NODE)),
                size == null ? NOTHING : size.toString(),
                NOTHING);
    }

    private static String snapshot(VolumeSnapshotContent content) {
        var reference = content.snapshot();
        return reference.namespace() + "/" + reference.name() + " (snapshot)";
    }

    private List<String> row(VolumeSnapshotContent content, Function<String, OptionalLong> used) {
        var keeper = content.driver().equals(LocalPaths.PROVISIONER) ? LocalPaths.nodeOfHandle(content.handle()) : "";
        var root = nodes.stream()
                .filter(node -> node.name().equals(keeper))
                .map(node -> node.annotation(LocalPaths.ROOT))
                .findFirst()
                .orElse("");
        var path = LocalPaths.snapshotPath(root, LocalPaths.nameOfHandle(content.handle()));
        return List.of(
                snapshot(content),
                content.name(),
                content.deleting() ? "Terminating" : content.ready() ? "Ready" : "Pending",
                orNothing(content.snapshotClass()),
                content.deletionPolicy(),
                orNothing(keeper),
                content.restoreSize() == 0 ? NOTHING : told(OptionalLong.of(content.restoreSize())),
                root.isEmpty() ? NOTHING : told(used.apply(path)));
    }

    private static String told(OptionalLong bytes) {
        if (bytes.isEmpty()) return NOTHING;
        long up = (1 << MEBI_BITS) - 1;
        return (bytes.getAsLong() + up >> MEBI_BITS) + "Mi";
    }

    private static String orNothing(String text) {
        return text.isEmpty() ? NOTHING : text;
    }

    private static List<String> table(List<List<String>> rows) {
        var widths = new int[HEAD.size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        }
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(i ->
                                row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
                        .collect(Collectors.joining("   "))
                        .stripTrailing())
                .toList();
    }
}
