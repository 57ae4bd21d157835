package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.persistentvolume.PersistentVolumeController;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentVolumeControllerTest {
    private static final ResourceType<View> VOLUMES = Resources.PERSISTENT_VOLUMES.untyped();
    private static final ResourceType<View> CLAIMS = Resources.PERSISTENT_VOLUME_CLAIMS.untyped();

    private static void volume(World world, String name, int size) {
        world.create(VOLUMES, View.of(Yaml.parse("""
                metadata: {name: %s}
                spec: {capacity: {storage: %dGi}, accessModes: [ReadWriteOnce], storageClassName: manual}
                """.formatted(name, size))).map());
    }

    private static void claim(World world, String name, int size) {
        world.create(CLAIMS, View.of(Yaml.parse("""
                metadata: {name: %s, namespace: ns}
                spec: {resources: {requests: {storage: %dGi}}, accessModes: [ReadWriteOnce], storageClassName: manual}
                """.formatted(name, size))).map());
    }

    private static String phase(World world, String claim) {
        return world.get(CLAIMS, "ns", claim).status().get("phase").string();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyVolumeHasOneClaimAndEveryClaimOneVolume(long seed) {
        var world = new World(seed, new PersistentVolumeController());
        world.failures = 0.2;
        for (int i = 0; i < 6; i++) claim(world, "c" + i, 1 + world.random.nextInt(5));
        for (int i = 0; i < 8; i++) {
            volume(world, "v" + i, 1 + world.random.nextInt(8));
            world.steps(20);
        }
        world.always(now -> {
            var taken = new HashSet<String>();
            for (var claim : now.all(CLAIMS)) {
                var volume = claim.spec().get("volumeName").string();
                if (volume.isEmpty()) continue;
                assertThat(taken.add(volume))
                        .as("%s once, seed %d", volume, seed)
                        .isTrue();
                assertThat(now.get(VOLUMES, "", volume)
                                .spec()
                                .get("claimRef", "uid")
                                .string())
                        .as("seed %d", seed)
                        .isEqualTo(claim.uid());
            }
        });
        world.steps(500);
        world.settle("seed " + seed);
        for (var claim : world.all(CLAIMS)) {
            if (!claim.status().get("phase").string().equals("Bound")) continue;
            var volume = world.get(VOLUMES, "", claim.spec().get("volumeName").string());
            assertThat(volume.status().get("phase").string()).isEqualTo("Bound");
        }
        assertThat(world.all(CLAIMS).stream()
                        .filter(claim -> claim.status().get("phase").string().equals("Bound"))
                        .count())
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void theSmallestThatIsLargeEnoughIsTaken() {
        var world = new World(1, new PersistentVolumeController());
        volume(world, "large", 10);
        volume(world, "small", 1);
        volume(world, "right", 5);
        claim(world, "c", 4);
        world.settle("bound");
        assertThat(world.get(CLAIMS, "ns", "c").spec().get("volumeName").string())
                .isEqualTo("right");
        assertThat(phase(world, "c")).isEqualTo("Bound");
        var claim = world.get(CLAIMS, "ns", "c");
        world.delete(CLAIMS, claim.key(), claim.uid(), null);
        world.settle("released");
        assertThat(world.get(VOLUMES, "", "right").status().get("phase").string())
                .isEqualTo("Released");
        claim(world, "again", 4);
        world.settle("the released one is not taken again");
        assertThat(world.get(CLAIMS, "ns", "again").spec().get("volumeName").string())
                .isEqualTo("large");
    }

    @Test
    void aClaimThatLosesItsVolumeSaysSo() {
        var world = new World(2, new PersistentVolumeController());
        volume(world, "v", 1);
        claim(world, "c", 1);
        world.settle("bound");
        var volume = world.get(VOLUMES, "", "v");
        world.delete(VOLUMES, volume.key(), volume.uid(), null);
        world.settle("lost");
        assertThat(phase(world, "c")).isEqualTo("Lost");
    }

    @Test
    void aClaimOfAClassThatWaitsIsBoundWhenAPodHasANode() {
        var world = new World(3, new PersistentVolumeController());
        world.create(
                Resources.STORAGE_CLASSES.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map("name", "manual"),
                        "provisioner",
                        "kubernetes.io/no-provisioner",
                        "volumeBindingMode",
                        "WaitForFirstConsumer"));
        volume(world, "v", 1);
        claim(world, "c", 1);
        world.settle("waits");
        assertThat(phase(world, "c")).isEqualTo("Pending");
        world.change(
                CLAIMS,
                world.get(CLAIMS, "ns", "c"),
                Trees.map(
                        "metadata",
                        Trees.map("annotations", Trees.map("volume.kubernetes.io/selected-node", "node-1"))));
        world.settle("bound");
        assertThat(phase(world, "c")).isEqualTo("Bound");
    }
}
