package io.navarch.agent.credentials;

import io.navarch.client.Client;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.model.TokenRequest;
import io.navarch.objects.ObjectKey;
import java.time.Instant;

/// Accounts of pods, and tokens of theirs, as a port.
public interface Accounts {
    /// @param expires when it does not count any more
    record Token(String text, Instant expires) {}

    /// Absent when there is none.
    ServiceAccount find(ObjectKey key);

    /// A token of the pod's account that counts as long as the pod is there, and not longer than it says.
    Token token(Pod pod, ServiceAccount account, String audience);

    /// Those that the API has.
    static Accounts of(Client client) {
        return new Accounts() {
            @Override
            public ServiceAccount find(ObjectKey key) {
                return client.find(Resources.SERVICE_ACCOUNTS, key);
            }

            @Override
            public Token token(Pod pod, ServiceAccount account, String audience) {
                var request = TokenRequest.builder()
                        .apiVersion("authentication.k8s.io/v1")
                        .kind("TokenRequest")
                        .metadata(meta -> meta.uid(account.uid()))
                        .spec(spec -> spec.addAudiences(audience)
                                .boundObjectRef(bound -> bound.kind("Pod")
                                        .apiVersion("v1")
                                        .name(pod.name())
                                        .uid(pod.uid())));
                var answer = client.post(Resources.SERVICE_ACCOUNTS, account.key(), "token", request.map());
                var status = TokenRequest.of(answer).status();
                return new Token(status.token(), status.expirationTimestamp().orElse(Instant.EPOCH));
            }
        };
    }
}
