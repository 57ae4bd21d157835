package io.navarch.serviceproxy;

import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.process.Command;
import io.navarch.process.TaskScope;
import io.navarch.serviceproxy.ProxyTable.Owner;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the kernel's table as the Services, their endpoints and this node's pods want it.
public final class ServiceProxy {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);
    private static final String BY_SERVICE = "service";

    /// How long the proxy waits for more changes, to write them in one transaction.
    private static final long GATHER_MILLIS = 20;

    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;
    private final Informer<Pod> pods;
    private final String nodeName;
    private final NftTable table;
    private final Runnable guarded;
    private final ProxyMetrics metrics;
    private final ProxyTable rules = new ProxyTable();

    /// The objects that changed since the last round; guarded by itself.
    private final Set<Owner> changed = new LinkedHashSet<>();

    private final Semaphore wake = new Semaphore(0);

    /// @param pods at least those of this node
    /// @param guarded runs once the table is there, which keeps others from the machine's own addresses
    public ServiceProxy(
            Informers caches,
            Informer<Pod> pods,
            String nodeName,
            NftTable table,
            Runnable guarded,
            ProxyMetrics metrics) {
        this.metrics = metrics;
        this.guarded = guarded;
        services = caches.of(Resources.SERVICES);
        slices = caches.of(Resources.ENDPOINT_SLICES).indexedBy(BY_SERVICE, EndpointSlices::serviceKeys);
        this.pods = pods;
        this.nodeName = nodeName;
        this.table = table;
    }

    /// Call before the caches start.
    public void start(TaskScope scope) {
        services.onChange((old, now) -> {
            metrics.serviceChanged();
            changed(new Owner(Resources.SERVICES, now.exists() ? now.key() : old.key()));
        });
        slices.onChange((old, now) -> {
            metrics.endpointsChanged();
            for (var slice : List.of(old, now))
                if (slice.exists()) changed(new Owner(Resources.SERVICES, EndpointSlices.service(slice)));
        });
        pods.onChange((old, now) -> {
            if (here(old) || here(now)) changed(new Owner(Resources.PODS, here(now) ? now.key() : old.key()));
        });
        scope.start("service-proxy", this::run);
    }

    private boolean here(Pod pod) {
        return pod.spec().nodeName().equals(nodeName);
    }

    private void changed(Owner owner) {
        synchronized (changed) {
            changed.add(owner);
        }
        metrics.queued();
        wake.release();
    }

    private void run() throws InterruptedException {
        services.awaitSync();
        slices.awaitSync();
        pods.awaitSync();
        boolean fresh = true;
        while (true) {
            try {
                synchronise(fresh);
                if (fresh) guarded.run();
                fresh = false;
            } catch (Command.FailedException e) {
                // Somebody may have taken the table away: the next attempt makes it anew.
                LOG.warn("nftables: {}", e.getMessage());
                metrics.failed();
                if (fresh) withdraw();
                fresh = true;
                TaskScope.pause(1000);
                continue;
            }
            wake.acquire();
            TaskScope.pause(GATHER_MILLIS);
            wake.drainPermits();
        }
    }

    /// When not even a new table is taken, some object's rules are at fault, unless it is the machine.
    private void withdraw() {
        if (refused(Ruleset.EMPTY)) return;
        for (var owner : rules.withdraw(this::refused)) LOG.warn("nftables takes no rules of {}", owner);
    }

    private boolean refused(Ruleset of) {
        try {
            Command.run(List.of("nft", "-c", "-f", "-"), table.made(of));
            return false;
        } catch (Command.FailedException e) {
            return true;
        }
    }

    /// @param fresh whether the table is to be made anew
    private void synchronise(boolean fresh) {
        long began = System.nanoTime();
        metrics.taken();
        var changes = new HashMap<Owner, Ruleset>();
        for (var owner : takeChanged()) changes.put(owner, safely(owner));
        var script = rules.replace(changes);
        if (fresh) script = table.made(rules.all());
        if (!script.isEmpty()) Command.run(List.of("nft", "-f", "-"), script);
        metrics.written(fresh, System.nanoTime() - began);
    }

    private List<Owner> takeChanged() {
        synchronized (changed) {
            var taken = List.copyOf(changed);
            changed.clear();
            return taken;
        }
    }

    private Ruleset safely(Owner owner) {
        try {
            return rulesOf(owner);
        } catch (RuntimeException e) {
            LOG.warn("no rules of {}: {}", owner, e.toString());
            return Ruleset.EMPTY;
        }
    }

    private Ruleset rulesOf(Owner owner) {
        var key = owner.key();
        return owner.type().equals(Resources.PODS)
                ? ProxyRules.hostPorts(pods.get(key), nodeName)
                : ProxyRules.of(services.get(key), slices.byIndex(BY_SERVICE, key.toString()), nodeName);
    }

    /// Takes the table away.
    public static void remove() {
        Command.run(List.of("nft", "-f", "-"), NftTable.removed());
    }
}
