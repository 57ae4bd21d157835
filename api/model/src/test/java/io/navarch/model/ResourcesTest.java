package io.navarch.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ResourceType;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    @Test
    void theyAreTheKindsThatAreServed() {
        assertThat(Resources.ALL).hasSizeGreaterThan(60).doesNotHaveDuplicates();
        assertThat(Resources.REPLICA_SETS.apiVersion()).isEqualTo("apps/v1");
        assertThat(Resources.REPLICA_SETS.kind()).isEqualTo("ReplicaSet");
        assertThat(Resources.HORIZONTAL_POD_AUTOSCALERS.apiVersion()).isEqualTo("autoscaling/v2");
        assertThat(Resources.NODES.namespaced()).isFalse();
        assertThat(Resources.PODS.path("shop", "web-0", "status"))
                .isEqualTo("/api/v1/namespaces/shop/pods/web-0/status");
    }

    @Test
    void aResourceIsTheSameHoweverItIsRead() {
        ResourceType<?> read = Resources.PODS.untyped();
        assertThat(read).isEqualTo(Resources.PODS).hasSameHashCodeAs(Resources.PODS);
        assertThat(read).isNotEqualTo(Resources.NODES);
    }
}
