package io.navarch.kinds.persistentvolume;

import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.objects.Quantity;
import java.util.Optional;

/// Volumes that are directories on a node's own disk, made and removed by the node: what the control plane and the node
/// tell each other of them in the API.
public final class LocalPaths {
    /// Who makes them, as classes and drivers name it.
    public static final String PROVISIONER = "local-path.navarch.io";
    /// The finalizer of a volume that stands for its directory.
    public static final String DIRECTORY = "local-path.navarch.io/directory";
    public static final String STORAGE_CLASS = "local-path";
    /// Label of a volume: the name of its node.
    public static final String NODE = "local-path.navarch.io/node";
    /// Annotation of a volume whose directory has been made: one that is missing now is not made again.
    public static final String MADE = "local-path.navarch.io/made";

    /// Annotation of a volume that begins as a copy: `volume/NAME` or `snapshot/NAME`, of the same node.
    public static final String FROM = "local-path.navarch.io/from";
    /// Annotation of a claim that can be had on one node alone: its name.
    public static final String ONLY_ON = "local-path.navarch.io/only-on";

    /// Annotations of a node: where its directories lie, and how much room there is.
    public static final String ROOT = "local-path.navarch.io/root";

    public static final String FREE = "local-path.navarch.io/free";

    private LocalPaths() {}

    public static boolean is(PersistentVolume volume) {
        return volume.annotation(PersistentVolumes.PROVISIONED_BY).equals(PROVISIONER)
                && volume.spec().hasLocal();
    }

    /// The name of its node, `""` when nobody says.
    public static String node(PersistentVolume volume) {
        return volume.labels().getOrDefault(NODE, "");
    }

    /// The node that looks after a volume's directory, `""` when it is no such volume.
    public static String keeper(PersistentVolume volume) {
        return is(volume) ? node(volume) : "";
    }

    /// Empty when the node has not said it.
    public static Optional<Quantity> free(Node node) {
        try {
            return Optional.of(node.annotation(FREE))
                    .filter(text -> !text.isEmpty())
                    .map(Quantity::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The place of what is copied from, as [#FROM] has it.
    public static String fromVolume(String volume) {
        return "volume/" + volume;
    }

    public static String fromSnapshot(String snapshot) {
        return "snapshot/" + snapshot;
    }

    /// Where a snapshot lies on a node with this root.
    public static String snapshotPath(String root, String snapshot) {
        return root + "/snapshots/" + snapshot;
    }

    /// How a snapshot on a node is called everywhere.
    public static String handle(String node, String snapshot) {
        return node + "/" + snapshot;
    }

    /// The node of a snapshot that is called so, `""` when nothing is called so.
    public static String nodeOfHandle(String handle) {
        return handle.substring(0, Math.max(0, handle.indexOf('/')));
    }

    /// The snapshot's own name.
    public static String nameOfHandle(String handle) {
        return handle.substring(handle.indexOf('/') + 1);
    }

    /// Where a volume of this name lies on a node with this root.
    public static String path(String root, String volume) {
        return root + "/" + volume;
    }
}
