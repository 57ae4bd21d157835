package io.navarch.apps;

import io.navarch.apiserver.User;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informers;
import io.navarch.controllers.cronjob.CronJobController;
import io.navarch.controllers.daemonset.DaemonSetController;
import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.disruption.DisruptionController;
import io.navarch.controllers.endpoints.EndpointsController;
import io.navarch.controllers.flowschema.FlowSchemaController;
import io.navarch.controllers.garbage.GarbageCollector;
import io.navarch.controllers.job.JobController;
import io.navarch.controllers.namespace.NamespaceController;
import io.navarch.controllers.node.NodeLifecycleController;
import io.navarch.controllers.podgc.PodGcController;
import io.navarch.controllers.protection.ProtectionController;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.controllers.resourcequota.ResourceQuotaController;
import io.navarch.controllers.serviceaccount.ServiceAccountController;
import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.controllers.tainteviction.TaintEvictionController;
import io.navarch.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.Actions;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerRunner;
import io.navarch.scheduler.Plugins;
import io.navarch.scheduler.Scheduler;
import io.navarch.scheduler.SchedulingCycle;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Which controllers run, and as whom. All share one set of caches; each writes as its own ServiceAccount.
final class Controllers {
    private static final int WORKERS = 5;

    private final ControlPlane plane;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<Controller<?>> controllers;

    Controllers(ControlPlane plane, Pki pki, InstantSource clock, RandomGenerator random) {
        this.plane = plane;
        this.clock = clock;
        this.random = random;
        controllers = List.of(
                new DeploymentController(),
                ReplicaSetController.replicaSets(),
                ReplicaSetController.replicationControllers(),
                new StatefulSetController(),
                new DaemonSetController(),
                new JobController(),
                new CronJobController(),
                new TtlAfterFinishedController(),
                new DisruptionController(),
                new EndpointsController(),
                new ServiceAccountController(pki.authorityPem()),
                new NodeLifecycleController(),
                new TaintEvictionController(),
                new PodGcController(),
                new ResourceQuotaController(),
                new FlowSchemaController(),
                ProtectionController.claims(),
                ProtectionController.volumes(),
                ProtectionController.attributeClasses());
    }

    /// ClusterRoles and ClusterRoleBindings that the controllers need.
    List<Map<String, Object>> roles() {
        return ControllerRoles.of(controllers);
    }

    void start(TaskScope scope) {
        var client = plane.client(User.of("system:kube-controller-manager"), "kube-controller-manager");
        var caches = new Informers(client);
        for (var controller : controllers) run(controller, caches, scope);
        new NamespaceController(client, caches, clock).start(scope);
        var schedulerClient = plane.client(User.of("system:kube-scheduler"), "kube-scheduler");
        var events = new EventRecorder(schedulerClient, "default-scheduler", "", clock);
        events.start(scope);
        new Scheduler(schedulerClient, caches, events, new SchedulingCycle(Plugins.defaults(), random), clock)
                .start(scope);
        caches.start(scope);
        new GarbageCollector(client, caches).start(scope);
    }

    private <S> void run(Controller<S> controller, Informers caches, TaskScope scope) {
        var user = User.of(
                ControllerRoles.account(controller), "system:serviceaccounts", "system:serviceaccounts:kube-system");
        var client = plane.client(user, "kube-controller-manager");
        var events = new EventRecorder(client, controller.name(), "", clock);
        events.start(scope);
        var followed = controller.inputs().stream().map(Controller.Input::type).collect(Collectors.toSet());
        new ControllerRunner<>(controller, caches, new Actions(client, events, followed), clock).start(scope, WORKERS);
    }
}
