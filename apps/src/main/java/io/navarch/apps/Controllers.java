package io.navarch.apps;

import io.navarch.bootstrap.ControllerRoles;
import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informers;
import io.navarch.client.SeriesRecorder;
import io.navarch.controllers.admissionpolicystatus.ValidatingAdmissionPolicyStatusController;
import io.navarch.controllers.admissionpolicystatus.published.PublishedKinds;
import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.controllers.bootstraptoken.BootstrapSignerController;
import io.navarch.controllers.bootstraptoken.TokenCleanerController;
import io.navarch.controllers.certificate.CertificateController;
import io.navarch.controllers.certificate.signing.CertificateAnswers;
import io.navarch.controllers.clusterroleaggregation.ClusterRoleAggregationController;
import io.navarch.controllers.cronjob.CronJobController;
import io.navarch.controllers.daemonset.DaemonSetController;
import io.navarch.controllers.daemonset.FailedPods;
import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.devicetainteviction.DeviceTaintEvictionController;
import io.navarch.controllers.disruption.DisruptionController;
import io.navarch.controllers.endpoints.EndpointSliceController;
import io.navarch.controllers.endpointslicemirroring.EndpointSliceMirroringController;
import io.navarch.controllers.ephemeralvolume.EphemeralVolumeController;
import io.navarch.controllers.flowschema.FlowSchemaController;
import io.navarch.controllers.garbage.GarbageCollector;
import io.navarch.controllers.job.JobController;
import io.navarch.controllers.localpath.LocalPathController;
import io.navarch.controllers.localpath.LocalSnapshotController;
import io.navarch.controllers.localpath.LocalStorageController;
import io.navarch.controllers.localpath.origin.SnapshotOrigins;
import io.navarch.controllers.namespace.NamespaceController;
import io.navarch.controllers.namespace.contents.NamespaceContents;
import io.navarch.controllers.node.NodeLifecycleController;
import io.navarch.controllers.node.NodeTtlController;
import io.navarch.controllers.nodeipam.NodeIpamController;
import io.navarch.controllers.persistentvolume.PersistentVolumeController;
import io.navarch.controllers.podautoscaler.HorizontalPodAutoscalerController;
import io.navarch.controllers.podautoscaler.metrics.ClusterMetrics;
import io.navarch.controllers.podautoscaler.metrics.MetricsReadStep;
import io.navarch.controllers.podgc.PodGcController;
import io.navarch.controllers.protection.ProtectionController;
import io.navarch.controllers.protection.users.ClaimUsers;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.controllers.resourceclaim.ResourceClaimController;
import io.navarch.controllers.resourcequota.ResourceQuotaController;
import io.navarch.controllers.selinuxwarning.SelinuxWarningController;
import io.navarch.controllers.serviceaccount.ServiceAccountController;
import io.navarch.controllers.serviceaccounttoken.LegacyTokenCleanerController;
import io.navarch.controllers.serviceaccounttoken.ServiceAccountTokenController;
import io.navarch.controllers.serviceaccounttoken.minting.TokenMinting;
import io.navarch.controllers.servicecidr.IpAddressController;
import io.navarch.controllers.servicecidr.ServiceCidrController;
import io.navarch.controllers.servingapprover.KubeletServingApprover;
import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.controllers.tainteviction.TaintEvictionController;
import io.navarch.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.navarch.controllers.volumeexpand.VolumeExpandController;
import io.navarch.kinds.serviceaccount.ServiceAccountTokens;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.pki.CertificateSigner;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.HealthCheck;
import io.navarch.process.pages.HealthPages;
import io.navarch.reconcile.ActionExecutor;
import io.navarch.reconcile.ClientWriter;
import io.navarch.reconcile.ControllerRun;
import io.navarch.reconcile.ControllerRunner;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.scheduler.Scheduler;
import io.navarch.scheduler.SchedulingCycle;
import io.navarch.schema.admission.User;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which controllers run, and as whom. All share one set of caches; each writes as its own ServiceAccount.
final class Controllers {
    private static final int WORKERS = 5;
    private static final String SCHEDULER = "kube-scheduler";
    private static final String CONTROLLER_MANAGER = "kube-controller-manager";

    private final BiFunction<User, String, Client> clients;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<ControllerRun<?>> runs;
    private final PartMetrics metrics;
    private final ServerConfig.Introspection introspection;
    private final ComponentPages controllerPages;
    private final ComponentPages schedulerPages;
    private final Informers caches;
    private final ServerConfig.ControllerSelection selection;
    private final String machine;

    /// @param clients of the API, by user and field manager
    Controllers(
            BiFunction<User, String, Client> clients,
            ServerConfig config,
            LiveCertificates certificates,
            ServiceAccountTokens tokens,
            PartMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.clients = clients;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        selection = config.controllers();
        machine = config.node().name();
        introspection = config.introspection();
        var client = metrics.ofController(clients.apply(User.of("system:kube-controller-manager"), CONTROLLER_MANAGER));
        caches = new Informers(client);
        var load = new MetricsReadStep(new ClusterMetrics(client("horizontal-pod-autoscaler")), System::nanoTime);
        var pki = certificates.pki();
        var minting = new TokenMinting(tokens::legacy);
        var all = new ArrayList<ControllerRun<?>>(List.of(
                ControllerRun.of(new DeploymentController()),
                ControllerRun.of(ReplicaSetController.replicaSets()),
                ControllerRun.of(ReplicaSetController.replicationControllers()),
                ControllerRun.of(new StatefulSetController()),
                new ControllerRun<>(new DaemonSetController(), new FailedPods()),
                ControllerRun.of(new JobController()),
                ControllerRun.of(new CronJobController()),
                ControllerRun.of(new TtlAfterFinishedController()),
                ControllerRun.of(new DisruptionController()),
                ControllerRun.of(new EndpointSliceController()),
                new ControllerRun<>(new ServiceAccountController(), (seen, now) -> seen.trusting(pki.authorityPem())),
                ControllerRun.of(new NodeLifecycleController()),
                ControllerRun.of(new NodeTtlController()),
                ControllerRun.of(new TaintEvictionController()),
                ControllerRun.of(new PodGcController()),
                ControllerRun.of(new ResourceQuotaController()),
                ControllerRun.of(new FlowSchemaController()),
                new ControllerRun<>(ProtectionController.claims(), new ClaimUsers(client("pvc-protection-controller"))),
                ControllerRun.of(ProtectionController.volumes()),
                ControllerRun.of(ProtectionController.attributeClasses()),
                new ControllerRun<>(new HorizontalPodAutoscalerController(), load),
                ControllerRun.of(new ClusterRoleAggregationController()),
                ControllerRun.of(new BootstrapSignerController()),
                ControllerRun.of(new TokenCleanerController()),
                new ControllerRun<>(
                        new ServiceAccountTokenController(),
                        (seen, now) -> minting.read(seen, now).trusting(pki.authorityPem())),
                new ControllerRun<>(
                        new CertificateController(),
                        new CertificateAnswers(client, new CertificateSigner(certificates.pki()), new SecureRandom())),
                ControllerRun.of(new ServiceCidrController()),
                ControllerRun.of(new IpAddressController()),
                ControllerRun.of(new EndpointSliceMirroringController()),
                ControllerRun.of(new NodeIpamController(config.network().clusterCidr())),
                ControllerRun.of(new EphemeralVolumeController()),
                ControllerRun.of(new PersistentVolumeController()),
                new ControllerRun<>(new LocalPathController(), new SnapshotOrigins(client("local-path-provisioner"))),
                ControllerRun.of(new LocalStorageController()),
                ControllerRun.of(new LocalSnapshotController()),
                ControllerRun.of(new AttachDetachController()),
                ControllerRun.of(new VolumeExpandController()),
                ControllerRun.of(new SelinuxWarningController()),
                ControllerRun.of(new ResourceClaimController()),
                ControllerRun.of(new DeviceTaintEvictionController()),
                ControllerRun.of(new LegacyTokenCleanerController()),
                new ControllerRun<>(
                        new ValidatingAdmissionPolicyStatusController(),
                        new PublishedKinds(client("validatingadmissionpolicy-status-controller"))),
                new ControllerRun<>(new NamespaceController(), new NamespaceContents(client("namespace-controller")))));
        // Only for those who name it: it believes what nodes say of themselves.
        if (selection.names().contains(KubeletServingApprover.NAME))
            all.add(ControllerRun.of(new KubeletServingApprover()));
        runs = List.copyOf(all);
        controllerPages = pages(CONTROLLER_MANAGER, metrics.controllers(), checks());
        schedulerPages = pages(SCHEDULER, metrics.scheduler(), List.of(HealthCheck.PING));
    }

    /// Those that run share one process, and are healthy as long as it answers.
    private List<HealthCheck> checks() {
        return Stream.concat(wired().stream().map(ControllerWiring::name).filter(selection::runs), Stream.of("ping"))
                .map(name -> new HealthCheck(name, Optional::empty))
                .toList();
    }

    /// ClusterRoles and ClusterRoleBindings that the controllers need.
    List<Map<String, Object>> roles() {
        return ControllerRoles.of(wired());
    }

    /// What each reads and writes, for roles and for the controllers' page.
    List<ControllerWiring> wired() {
        var all = new ArrayList<ControllerWiring>();
        for (var run : runs) all.add(run.controller().wiring());
        all.add(GarbageCollector.wiring());
        return all;
    }

    /// Of what the controllers follow, for others in this process.
    Informers caches() {
        return caches;
    }

    void start(TaskScope scope) {
        for (var run : runs) if (selection.runs(run.controller().wiring().name())) start(run, scope);
        if (selection.runs(SCHEDULER)) startScheduler(scope);
        caches.start(scope);
        var collector = GarbageCollector.wiring();
        if (selection.runs(collector.name()))
            new GarbageCollector(
                            client(collector.name()),
                            caches,
                            executor(collector, Set.of(), scope),
                            metrics.controllers())
                    .start(scope);
    }

    /// What the controllers tell of themselves.
    ComponentPages controllerPages() {
        return controllerPages;
    }

    /// What the scheduler tells of itself.
    ComponentPages schedulerPages() {
        return schedulerPages;
    }

    private ComponentPages pages(String name, Metrics metrics, List<HealthCheck> checks) {
        var synced = HealthCheck.that("informer-sync", caches::synced, "informers not started yet");
        return new ComponentPages(
                introspection.component(name),
                metrics,
                new HealthPages(
                        Map.of("healthz", checks, "livez", List.of(HealthCheck.PING), "readyz", List.of(synced))));
    }

    private void startScheduler(TaskScope scope) {
        var client = metrics.ofScheduler(clients.apply(User.of("system:" + SCHEDULER), SCHEDULER));
        var events = new SeriesRecorder(client, "default-scheduler", "default-scheduler-" + machine, clock);
        events.start(scope);
        new Scheduler(client, caches, events, SchedulingCycle.standard(random), clock, metrics.scheduler())
                .start(scope);
    }

    private Client client(String name) {
        var user =
                User.of(ControllerRoles.account(name), "system:serviceaccounts", "system:serviceaccounts:kube-system");
        return metrics.ofController(clients.apply(user, CONTROLLER_MANAGER));
    }

    private <S> void start(ControllerRun<S> run, TaskScope scope) {
        var wiring = run.controller().wiring();
        var followed =
                wiring.inputs().stream().map(ControllerWiring.Input::type).collect(Collectors.<ResourceType<?>>toSet());
        var executor = executor(wiring, followed, scope);
        ServedKinds.of(wiring, VolumeSnapshots.ALL)
                .whenServed(
                        caches.of(Resources.CUSTOM_RESOURCE_DEFINITIONS),
                        () -> new ControllerRunner<>(run, caches, executor, metrics.controllers(), clock)
                                .start(scope, WORKERS),
                        begin -> scope.start(wiring.name(), begin::run));
    }

    private ActionExecutor executor(ControllerWiring wiring, Set<ResourceType<?>> followed, TaskScope scope) {
        var client = client(wiring.name());
        var events = new EventRecorder(client, wiring.eventSource(), "", clock);
        events.start(scope);
        return new ActionExecutor(
                new ClientWriter(client),
                events::record,
                metrics.controllers()::record,
                followed,
                Executors::newVirtualThreadPerTaskExecutor);
    }
}
