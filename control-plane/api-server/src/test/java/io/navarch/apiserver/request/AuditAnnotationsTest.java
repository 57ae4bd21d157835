package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditAnnotationsTest {
    private final AuditAnnotations annotations = new AuditAnnotations();

    @Test
    void theFirstValueOfANameStays() {
        annotations.add("policy/key", "a");
        annotations.add("policy/key", "b");
        assertThat(annotations.all()).isEqualTo(Map.of("policy/key", "a"));
    }

    @Test
    void onlyQualifiedNamesAreKept() {
        for (var name : new String[] {"", "key", "/key", "policy/", "policy/a b", "a/b/c"}) annotations.add(name, "x");
        assertThat(annotations.all()).isEmpty();
    }

    @Test
    void onlySoMuchIsKept() {
        for (int i = 0; i < 1000; i++) annotations.add("policy/key" + i, "x".repeat(10_000));
        assertThat(annotations.all()).hasSizeBetween(20, 30);
    }
}
