package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.join.ClusterInfo.UntrustedException;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.model.NodeConditionType;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a node into a cluster by a token: finds out whether the cluster is the right one, and asks it for the
/// node's first certificate.
record Discovery(JoinConfig config, FreshToken token, ApiAccess access, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /// A token that was made just now has not signed anything yet, and the server may not run yet.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long AGAIN_MILLIS = 1000;

    /// Somebody may have to approve it.
    private static final Duration APPROVAL = Duration.ofHours(24);

    ClusterInfo cluster() throws IOException, InterruptedException {
        var end = clock.instant().plus(PATIENCE);
        while (true) {
            try {
                return attempt();
            } catch (UntrustedException | ApiException e) {
                if (end.isBefore(clock.instant()))
                    throw new IOException("cannot join the cluster at " + config.server() + ": " + e.getMessage(), e);
                LOG.info("{}: {}; trying again", config.server(), e.getMessage());
            }
            TaskScope.pause(AGAIN_MILLIS);
        }
    }

    /// Asks twice: once anybody, to learn the authority, and then one whom the authority vouches for.
    private ClusterInfo attempt() {
        var learnt = believed(access.unverified(config.server()));
        var again = believed(access.verified(learnt, config.server(), ""));
        if (!again.equals(learnt)) throw new UntrustedException("the server says something else each time");
        return learnt;
    }

    private ClusterInfo believed(Client client) {
        return ClusterInfo.believed(client.get(Resources.CONFIG_MAPS, ClusterInfo.KEY), token, config.pins());
    }

    NodeCertificate certificate(ClusterInfo cluster, SecureRandom random) throws IOException, InterruptedException {
        try {
            var client = access.verified(cluster, cluster.server(), token.toString());
            refuseDouble(client);
            var key = FreshKey.of(random, config.user(), List.of("system:nodes"), AlternativeNames.NONE);
            var order = new CertificateOrder(client, clock);
            var placed = order.place("node-csr-", key, Signers.KUBELET_CLIENT, FreshKey.CLIENT_USAGES, config.life());
            LOG.info("waiting for {} to be approved and signed", placed.name());
            return NodeCertificate.of(order.await(placed, APPROVAL) + key.key());
        } catch (ApiException e) {
            throw new IOException("the cluster does not let this node in: " + e.getMessage(), e);
        }
    }

    /// Two nodes of one name would fight over its pods.
    private void refuseDouble(Client client) throws IOException {
        var node = client.find(Resources.NODES, new ObjectKey("", config.node()));
        if (node.exists() && StatusCondition.isTrue(node.status().conditions(), NodeConditionType.READY))
            throw new IOException("a node " + config.node() + " is in the cluster already, and Ready; give this one"
                    + " another --node-name, or delete the other");
    }
}
