package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ClaimRetention;
import io.navarch.model.ConfigMap;
import io.navarch.model.Container;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatefulSetSpec;
import io.navarch.model.StatefulSetStatus;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetControllerTest {
    private static StatefulSet set(int replicas, String policy, String strategy) {
        return StatefulSet.of(View.of(Yaml.parse("""
                metadata: {name: web, namespace: ns}
                spec:
                  replicas: %d
                  serviceName: web
                  podManagementPolicy: %s
                  updateStrategy: %s
                  revisionHistoryLimit: 1
                  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Delete}
                  selector: {matchLabels: {app: a}}
                  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}
                  volumeClaimTemplates:
                  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}
                """.formatted(replicas, policy, strategy))));
    }

    private static World world(long seed) {
        return new World(seed, new StatefulSetController());
    }

    private static void change(World world, Consumer<StatefulSetSpec.Builder> change) {
        var patch = StatefulSet.builder().spec(change).build();
        world.change(Resources.STATEFUL_SETS, world.get(Resources.STATEFUL_SETS, "ns", "web"), patch);
    }

    private static StatefulSetStatus status(World world) {
        return world.get(Resources.STATEFUL_SETS, "ns", "web").status();
    }

    private static Consumer<StatefulSetSpec.Builder> image(String image) {
        var containers = List.of(Container.builder().name("c").image(image).build());
        return spec -> spec.template(template -> template.spec(pod -> pod.containers(containers)));
    }

    private static Pod pod(World world, int ordinal) {
        return world.get(Resources.PODS, "ns", "web-" + ordinal);
    }

    private static List<Pod> pods(World world) {
        return world.all(Resources.PODS).stream()
                .sorted(Comparator.comparing(Pod::name))
                .toList();
    }

    private static List<String> names(World world) {
        return pods(world).stream().map(Pod::name).toList();
    }

    private static String image(Pod pod) {
        return pod.spec().containers().getFirst().image();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void inOrderUpAndDownWhateverFails(long seed) {
        var world = world(seed);
        world.ends = 0.02;
        world.fails = 1;
        world.create(Resources.STATEFUL_SETS, set(4, "OrderedReady", "{type: RollingUpdate}"));
        // A pod is only made when all before it are there.
        var known = new HashSet<String>();
        world.always(now -> {
            for (var pod : now.all(Resources.PODS)) {
                if (!known.add(pod.uid())) continue;
                int ordinal = Integer.parseInt(pod.name().substring(4));
                for (int i = 0; i < ordinal; i++)
                    assertThat(pod(now, i).exists())
                            .as("web-%d before %s, seed %d", i, pod.name(), seed)
                            .isTrue();
            }
        });
        world.steps(1000);
        world.ends = 0;
        world.settle("up, seed " + seed);
        assertThat(names(world)).containsExactly("web-0", "web-1", "web-2", "web-3");
        assertThat(world.all(Resources.PERSISTENT_VOLUME_CLAIMS)).hasSize(4);
        change(world, spec -> spec.replicas(1));
        world.settle("down, seed " + seed);
        assertThat(names(world)).containsExactly("web-0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rollsFromTheHighestNumberAndNeverMoreThanOneIsMissing(long seed) {
        var world = world(seed);
        world.create(
                Resources.STATEFUL_SETS, set(4, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 2}}"));
        world.settle("first");
        var before = status(world).currentRevision();
        world.always(now -> assertThat(pods(now).stream()
                        .filter(Pods::ready)
                        .filter(pod -> !pod.deleting())
                        .count())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(3));
        change(world, image("new"));
        world.settle("partition, seed " + seed);
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("i", "i", "new", "new");
        assertThat(status(world).currentRevision()).isEqualTo(before);
        assertThat(status(world).updatedReplicas()).isEqualTo(2);
        change(world, spec -> spec.updateStrategy(strategy -> strategy.rollingUpdate(rolling -> rolling.partition(0))));
        world.settle("all, seed " + seed);
        assertThat(pods(world)).allSatisfy(pod -> assertThat(image(pod)).isEqualTo("new"));
        assertThat(status(world).currentRevision())
                .isEqualTo(status(world).updateRevision())
                .isNotEqualTo(before);
    }

    @Test
    void aDeletedPodOfThePartitionComesBackAsItWas() {
        var world = world(5);
        world.create(
                Resources.STATEFUL_SETS, set(3, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 3}}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        var pod = pod(world, 1);
        world.delete(Resources.PODS, pod);
        world.settle("again");
        assertThat(image(pod(world, 1))).isEqualTo("i");
        assertThat(pod(world, 1).uid()).isNotEqualTo(pod.uid());
    }

    @Test
    void onDeleteWaitsForTheUser() {
        var world = world(6);
        world.create(Resources.STATEFUL_SETS, set(2, "OrderedReady", "{type: OnDelete}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        assertThat(image(pod(world, 0))).isEqualTo("i");
        var pod = pod(world, 0);
        world.delete(Resources.PODS, pod);
        world.settle("one");
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("new", "i");
    }

    private static void stick(World world, String policy) {
        world.create(Resources.STATEFUL_SETS, set(2, policy, "{type: RollingUpdate}"));
        world.settle("first");
        change(
                world,
                spec -> spec.template(template -> template.metadata(
                        metadata -> metadata.putLabels("app", "a").putLabels("stuck", "y"))));
        for (int i = 0; i < 1500; i++) world.step();
        assertThat(pod(world, 1).labels()).containsKey("stuck");
        world.change(
                Resources.STATEFUL_SETS,
                world.get(Resources.STATEFUL_SETS, "ns", "web"),
                Yaml.parse("spec: {template: {metadata: {labels: {stuck: null}}}}"));
    }

    /// As it has always been: https://github.com/kubernetes/kubernetes/issues/67250
    @Test
    void inOrderAPodThatCannotStartStaysUntilSomebodyDeletesIt() {
        var world = world(7);
        stick(world, "OrderedReady");
        for (int i = 0; i < 1500; i++) world.step();
        assertThat(pod(world, 1).labels()).containsKey("stuck");
        assertThat(pod(world, 0).labels()).doesNotContainKey("stuck");
        world.delete(Resources.PODS, pod(world, 1));
        world.settle("repaired");
        assertThat(pods(world)).allSatisfy(pod -> assertThat(Pods.ready(pod)).isTrue());
        assertThat(status(world).currentRevision()).isEqualTo(status(world).updateRevision());
    }

    @Test
    void sideBySideAPodThatCannotStartIsReplacedAtOnce() {
        var world = world(7);
        stick(world, "Parallel");
        world.settle("repaired");
        assertThat(pods(world)).allSatisfy(pod -> assertThat(Pods.ready(pod)).isTrue());
    }

    private static PersistentVolumeClaim claim(World world, int ordinal) {
        return world.get(Resources.PERSISTENT_VOLUME_CLAIMS, "ns", "data-web-" + ordinal);
    }

    private static List<String> owners(PersistentVolumeClaim claim) {
        return claim.metadata().ownerReferences().stream()
                .map(owner -> owner.kind() + " " + owner.name() + " " + owner.controller())
                .toList();
    }

    private static void retain(World world, ClaimRetention whenScaled, ClaimRetention whenDeleted) {
        change(
                world,
                spec -> spec.persistentVolumeClaimRetentionPolicy(
                        policy -> policy.whenScaled(whenScaled).whenDeleted(whenDeleted)));
    }

    @Test
    void claimsFollowTheSetOrThePodsThatGo() {
        var world = world(9);
        world.create(Resources.STATEFUL_SETS, set(3, "Parallel", "{type: RollingUpdate}"));
        world.settle("first");
        assertThat(owners(claim(world, 0))).isEmpty();
        retain(world, ClaimRetention.RETAIN, ClaimRetention.DELETE);
        world.settle("the set's");
        assertThat(owners(claim(world, 2))).containsExactly("StatefulSet web true");
        retain(world, ClaimRetention.DELETE, ClaimRetention.DELETE);
        hold(world, 1);
        hold(world, 2);
        change(world, spec -> spec.replicas(1));
        world.settle("fewer");
        assertThat(owners(claim(world, 0))).containsExactly("StatefulSet web true");
        assertThat(owners(claim(world, 1))).containsExactly("Pod web-1 true");
        assertThat(owners(claim(world, 2))).containsExactly("Pod web-2 true");
        assertThat(claim(world, 2).deleting()).isTrue();
    }

    /// Keeps a claim from going before it is let go.
    private static void hold(World world, int ordinal) {
        world.change(
                Resources.PERSISTENT_VOLUME_CLAIMS,
                claim(world, ordinal),
                Yaml.parse("metadata: {finalizers: [example.com/held]}"));
    }

    private static void letGo(World world, int ordinal) {
        world.change(
                Resources.PERSISTENT_VOLUME_CLAIMS, claim(world, ordinal), Yaml.parse("metadata: {finalizers: null}"));
    }

    @Test
    void aNewPodWaitsUntilTheClaimOfTheOneBeforeIsGone() {
        var world = world(10);
        world.create(Resources.STATEFUL_SETS, set(2, "Parallel", "{type: RollingUpdate}"));
        world.settle("first");
        var left = claim(world, 1);
        hold(world, 1);
        change(world, spec -> spec.replicas(1));
        world.settle("fewer");
        change(world, spec -> spec.replicas(2));
        world.settle("the claim is not gone yet");
        assertThat(names(world)).containsExactly("web-0");
        letGo(world, 1);
        world.settle("again");
        assertThat(names(world)).containsExactly("web-0", "web-1");
        assertThat(claim(world, 1).uid()).isNotEqualTo(left.uid());
        assertThat(owners(claim(world, 1))).isEmpty();
    }

    @Test
    void aPodIsNotMadeWithAClaimThatGoes() {
        var world = world(12);
        world.create(Resources.STATEFUL_SETS, set(1, "OrderedReady", "{type: RollingUpdate}"));
        retain(world, ClaimRetention.RETAIN, ClaimRetention.RETAIN);
        world.settle("first");
        hold(world, 0);
        world.delete(Resources.PERSISTENT_VOLUME_CLAIMS, claim(world, 0));
        world.delete(Resources.PODS, pod(world, 0));
        world.steps(100);
        assertThat(names(world)).isEmpty();
        assertThat(world.events)
                .contains(
                        "FailedCreate: Create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted");
        letGo(world, 0);
        world.settle("again");
        assertThat(names(world)).containsExactly("web-0");
    }

    @Test
    void aClaimThatAnotherControllerOwnsIsLeftToIt() {
        var world = world(11);
        world.create(Resources.STATEFUL_SETS, set(1, "Parallel", "{type: RollingUpdate}"));
        world.settle("first");
        var other = world.create(
                Resources.CONFIG_MAPS,
                ConfigMap.builder()
                        .metadata(metadata -> metadata.name("other").namespace("ns"))
                        .build());
        world.change(
                Resources.PERSISTENT_VOLUME_CLAIMS,
                claim(world, 0),
                PersistentVolumeClaim.builder()
                        .metadata(metadata ->
                                metadata.addOwnerReferences(OwnerReferences.of(other, Resources.CONFIG_MAPS)))
                        .build());
        retain(world, ClaimRetention.RETAIN, ClaimRetention.DELETE);
        world.settle("not the set's");
        assertThat(owners(claim(world, 0))).containsExactly("ConfigMap other true");
    }

    @Test
    void numbersBeginWhereTheyAreToldTo() {
        var world = world(8);
        var set = set(2, "Parallel", "{type: RollingUpdate}");
        world.create(
                Resources.STATEFUL_SETS,
                set.toBuilder()
                        .spec(spec -> spec.ordinals(ordinals -> ordinals.start(5)))
                        .build());
        world.settle("from five");
        assertThat(names(world)).containsExactly("web-5", "web-6");
        assertThat(pod(world, 5).labels())
                .containsEntry("apps.kubernetes.io/pod-index", "5")
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-5");
    }
}
