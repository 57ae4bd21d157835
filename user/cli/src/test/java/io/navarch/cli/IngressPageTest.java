package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Ingress;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngressPageTest {
    private static List<String> urls(String spec) {
        return IngressPage.of(Ingress.of(View.of(Yaml.parse("spec: " + spec)))).stream()
                .map(IngressPage::url)
                .toList();
    }

    @Test
    void eachHostIsAskedFor() {
        assertThat(urls("{defaultBackend: {service: {name: a}}}")).containsExactly("http://localhost/");
        assertThat(urls("{rules: [{http: {paths: [{path: /}]}}]}")).containsExactly("http://localhost/");
        assertThat(urls("""
                {rules: [{host: shop.example.com, http: {paths: [{path: /app}, {path: /more}]}},
                         {host: '*.example.org'}, {host: '*.example.org'}]}
                """)).containsExactly("http://shop.example.com/app", "http://www.example.org/");
    }

    @Test
    void whatTheApplicationSaysIsAPage() {
        assertThat(IngressPage.missing(200, "")).isEmpty();
        assertThat(IngressPage.missing(401, "who are you")).isEmpty();
        assertThat(IngressPage.missing(404, "no such page")).isEmpty();
        assertThat(IngressPage.missing(404, "default backend - 404")).isEqualTo("no route yet");
        assertThat(IngressPage.missing(503, "")).isEqualTo("HTTP 503");
    }
}
