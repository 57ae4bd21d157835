package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.models.V1CustomResourceDefinition;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.Yaml;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.options.DeleteOptions;
import io.kubernetes.client.util.generic.options.ListOptions;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two Java clients and two kubectls on an object of every kind.
class EveryKindClientsTest {
    private static ControlPlaneAlone plane;
    private static KubernetesClient fabric8;
    private static ApiClient official;

    @BeforeAll
    static void start() throws Exception {
        plane = new ControlPlaneAlone();
        fabric8 = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(plane.kubeconfig()))
                .build();
        official = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(plane.kubeconfig())))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        fabric8.close();
        plane.close();
    }

    /// A StatefulSet leaves its claims behind, and one of them would take the volume that is tried next.
    @AfterEach
    void deleteClaims() {
        fabric8.persistentVolumeClaims().inNamespace("default").delete();
    }

    static Stream<String> objects() throws Exception {
        return ControlPlaneAlone.objects();
    }

    @ParameterizedTest
    @MethodSource("objects")
    void fabric8ListsWatchesAndCreates(String yaml) throws Exception {
        var object = fabric8.resource(yaml).item();
        // Kinds that its models lack are none of ours to judge.
        if (object instanceof GenericKubernetesResource) return;
        delete(object);
        var seen = new LinkedBlockingQueue<String>();
        try (var watch = watch(object.getClass(), seen)) {
            var made = fabric8.resource(object).create();
            assertThat(made.getClass()).isEqualTo(object.getClass());
            assertThat(made.getMetadata().getUid()).isNotEmpty();
            // What is there already is told first.
            String event;
            do event = seen.poll(10, TimeUnit.SECONDS);
            while (event != null && !event.equals("ADDED " + name(object)));
            assertThat(event).isNotNull();
            var names = fabric8.resources(object.getClass()).inAnyNamespace().list().getItems().stream()
                    .map(EveryKindClientsTest::name);
            assertThat(names).contains(name(object));
        } finally {
            delete(object);
        }
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static <T extends HasMetadata> AutoCloseable watch(Class<T> type, LinkedBlockingQueue<String> seen) {
        return fabric8.resources(type).inAnyNamespace().watch(new Watcher<T>() {
            @Override
            public void eventReceived(Action action, T resource) {
                if (action == Action.ADDED) seen.add(action + " " + name(resource));
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed " + cause);
            }
        });
    }

    private static void delete(HasMetadata object) {
        if (fabric8.resource(object).get() == null) return;
        try {
            fabric8.resource(object).edit(live -> {
                live.getMetadata().setFinalizers(List.of());
                return live;
            });
            fabric8.resource(object).withGracePeriod(0).delete();
        } catch (KubernetesClientException e) {
            // A controller may have let it go meanwhile.
            assertThat(e.getCode()).isEqualTo(404);
        }
        try {
            Machine.soon("its end", () -> fabric8.resource(object).get() == null);
        } catch (AssertionError e) {
            var left = Serialization.asJson(fabric8.resource(object).get());
            throw new AssertionError(e.getMessage() + ", left is " + left, e);
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void theOfficialClientListsWatchesAndCreates(String yaml) throws Exception {
        var object = (KubernetesObject) Yaml.load(yaml);
        if (object instanceof V1CustomResourceDefinition definition) withoutDependencies(definition);
        each(object, object.getClass(), yaml);
    }

    /// The client sends an empty map where there is none, and kube-apiserver refuses that as this one does.
    private static void withoutDependencies(V1CustomResourceDefinition definition) {
        for (var version : definition.getSpec().getVersions())
            version.getSchema().getOpenAPIV3Schema().setDependencies(null);
    }

    @SuppressWarnings("unchecked")
    private static <T extends KubernetesObject, L extends KubernetesListObject> void each(
            KubernetesObject object, Class<? extends KubernetesObject> raw, String yaml) throws Exception {
        var type = (Class<T>) raw;
        var list = (Class<L>) Class.forName(type.getName().replace("ResourceV1", "V1") + "List");
        var apiVersion = object.getApiVersion();
        int slash = apiVersion.indexOf('/');
        var group = slash < 0 ? "" : apiVersion.substring(0, slash);
        var version = apiVersion.substring(slash + 1);
        var plural = plural(object.getKind());
        var api = new GenericKubernetesApi<>(type, list, group, version, plural, official);
        var namespace = object.getMetadata().getNamespace();
        try (var watch = api.watch(new ListOptions())) {
            var made = api.create((T) object).throwsApiException().getObject();
            assertThat(made.getMetadata().getUid()).isNotEmpty();
            boolean added = false;
            while (!added) {
                var event = watch.next();
                added = event.type.equals("ADDED")
                        && event.object
                                .getMetadata()
                                .getName()
                                .equals(object.getMetadata().getName());
            }
            var names = api.list().throwsApiException().getObject().getItems().stream()
                    .map(each -> each.getMetadata().getName());
            assertThat(names).contains(object.getMetadata().getName());
        } finally {
            var options = new DeleteOptions();
            options.setGracePeriodSeconds(0L);
            var name = object.getMetadata().getName();
            if (namespace == null) api.delete(name, options);
            else api.delete(namespace, name, options);
            delete(fabric8.resource(yaml).item());
        }
    }

    private static String plural(String kind) {
        var lower = kind.toLowerCase(Locale.ROOT);
        if (lower.equals("endpoints")) return lower;
        if (lower.endsWith("s")) return lower + "es";
        return lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
    }

    @ParameterizedTest
    @MethodSource("objects")
    void kubectlCreatesShowsDescribesAndDeletes(String yaml) {
        var made = plane.machine
                .kubectl("create --validate=strict -f - -o name", yaml)
                .ok();
        var name = made.output().lines().reduce((first, last) -> last).orElseThrow();
        var where = yaml.contains("namespace: default") ? " -n default" : "";
        try {
            var table = plane.machine
                    .kubectl("get " + name + where + " -o wide")
                    .ok()
                    .output();
            assertThat(table).contains("NAME");
            plane.machine.kubectl("get " + name + where + " -o yaml").ok();
            assertThat(plane.machine.kubectl("describe " + name + where).ok().output())
                    .contains("Name:");
            plane.machine.kubectl("label " + name + where + " touched=yes").ok();
            var again = plane.machine
                    .kubectl("apply --server-side --force-conflicts -f -", yaml)
                    .ok();
            assertThat(again.output()).contains("serverside-applied");
        } finally {
            plane.machine.kubectl("patch " + name + where + " --type=merge -p '{\"metadata\":{\"finalizers\":null}}'");
            plane.machine
                    .kubectl("delete " + name + where + " --grace-period=0 --force --ignore-not-found")
                    .ok();
        }
    }

    @Test
    void kubectlExplainsEverything() {
        var resources = plane.machine
                .kubectl("api-resources --no-headers -o name")
                .ok()
                .output()
                .lines()
                // Several kinds named events, nodes, pods: a name with dots is taken for a field of the first.
                .filter(name -> !name.equals("events.events.k8s.io")
                        && !name.endsWith(".metrics.k8s.io")
                        && !name.startsWith("ingresses.extensions"))
                .toList();
        assertThat(resources).hasSizeGreaterThan(60);
        for (var resource : resources)
            assertThat(plane.machine
                            .kubectl("explain --recursive " + resource)
                            .ok()
                            .output())
                    .as(resource)
                    .contains("FIELDS:");
        assertThat(plane.machine
                        .kubectl("explain pod.spec.containers.resources")
                        .ok()
                        .output())
                .contains("<ResourceRequirements>");
    }

    /// kubectl of Debian: 1.20, which reads OpenAPI as protobuf and asks for kinds by their old names.
    @Test
    void anOldKubectlWorks() {
        var old = plane.machine.oldKubectl();
        assertThat(plane.machine.shell(old + " version").ok().output()).contains("v1.20");
        var deployment = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: old}
                spec:
                  selector: {matchLabels: {a: b}}
                  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}
                """;
        plane.machine.shell(old + " apply -f - <<E\n" + deployment + "\nE").ok();
        assertThat(plane.machine
                        .shell(old + " apply -f - <<E\n" + deployment.replace("selector", "selectr") + "\nE")
                        .failed()
                        .output())
                .contains("unknown field \"selectr\" in io.k8s.api.apps.v1.DeploymentSpec");
        assertThat(plane.machine.shell(old + " get deploy old -o wide").ok().output())
                .contains("SELECTOR");
        assertThat(plane.machine
                        .shell(old + " explain pod.spec.containers")
                        .ok()
                        .output())
                .contains("<[]Object>");
        plane.machine.shell(old + " describe deploy old").ok();
        plane.machine
                .shell(old + " apply --dry-run=server -f - <<E\n" + deployment + "\nE")
                .ok();
        plane.machine.shell(old + " scale deploy old --replicas=2").ok();
        for (var line : List.of(
                "configmap old --from-literal=a=b",
                "secret generic old --from-literal=a=b",
                "job old --image=i",
                "role old --verb=get --resource=pods",
                "rolebinding old --role=old --user=u",
                "clusterrole old --verb=get --resource=pods",
                "clusterrolebinding old --clusterrole=old --user=u",
                "ingress old --rule=a.example/x=svc:80",
                "priorityclass old --value=5",
                "quota old --hard=pods=1000",
                "serviceaccount old",
                "service clusterip old --tcp=80:80",
                "namespace old")) {
            plane.machine.shell(old + " create " + line).ok();
        }
        assertThat(plane.machine.shell(old + " get all").ok().output())
                .contains("deployment.apps/old", "job.batch/old");
    }
}
