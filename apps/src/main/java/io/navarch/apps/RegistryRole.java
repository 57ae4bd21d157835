package io.navarch.apps;

import io.navarch.bootstrap.RegistryObjects;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import io.navarch.images.ImageStore;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.images.registry.ApiAccess;
import io.navarch.images.registry.Registry;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The registry of the cluster, beside the control plane: it keeps its images where the node here has its own.
final class RegistryRole implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryRole.class);
    private static final ObjectKey SERVICE = new ObjectKey(RegistryNames.NAMESPACE, RegistryNames.SERVICE);
    private static final long AGAIN_MILLIS = 1000;
    private static final long COLLECT_MILLIS = 60 * 60 * 1000;
    private static final int CONNECTIONS = 512;

    private final TaskScope scope = new TaskScope();
    private final HttpServer listener;

    /// @param address at which pods and nodes reach it
    /// @param admin says where it is, and asks who callers are
    RegistryRole(
            ImageStore store,
            RegistryNames names,
            InetSocketAddress address,
            EventLoops eventLoops,
            Supplier<SslContext> tls,
            Client admin)
            throws IOException {
        var clock = InstantSource.system();
        var registry = new Registry(
                store, new NodeRegistry(store, names, NodeRegistry.Upstream.NONE), new ApiAccess(admin, clock), clock);
        listener = HttpServer.secure(
                eventLoops,
                new InetSocketAddress("0.0.0.0", address.getPort()),
                name -> tls.get(),
                Host.limits().withConnections(CONNECTIONS),
                registry::serve);
        scope.every("registry-collection", COLLECT_MILLIS, registry::collect);
        // Nobody who starts waits for what those find who look for it.
        scope.start("registry-objects", () -> publish(admin, address));
    }

    private static void publish(Client admin, InetSocketAddress address) throws InterruptedException {
        var objects = new RegistryObjects(admin, SERVICE, ApiAccess.GROUP, ApiAccess.REPOSITORIES, ApiAccess.IMAGES);
        while (true) {
            try {
                objects.apply(address.getHostString(), address.getPort());
                return;
            } catch (ApiException e) {
                LOG.warn("nobody finds the registry yet: {}", e.getMessage());
                TaskScope.pause(AGAIN_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        scope.close();
        listener.close();
    }
}
