package io.navarch.cli;

import io.navarch.model.HTTPIngressPath;
import io.navarch.model.Ingress;
import io.navarch.model.IngressRule;
import java.util.List;
import java.util.stream.Stream;

/// A page that an Ingress promises.
///
/// @param host that is asked for; `""` for any
public record IngressPage(String host, String path) {
    /// One for each of its hosts, at the first path of that.
    public static List<IngressPage> of(Ingress ingress) {
        var rules = ingress.spec().rules();
        if (rules.isEmpty()) return List.of(new IngressPage("", "/"));
        return rules.stream().flatMap(IngressPage::of).distinct().toList();
    }

    private static Stream<IngressPage> of(IngressRule rule) {
        var path = rule.http().paths().stream()
                .map(HTTPIngressPath::path)
                .filter(each -> each.startsWith("/"))
                .findFirst()
                .orElse("/");
        // Of a wildcard any one name.
        return Stream.of(new IngressPage(rule.host().replaceFirst("^\\*\\.", "www."), path));
    }

    /// What is still wrong with an answer, `""` when the page is there: also one that refuses, sends elsewhere, or has
    /// nothing at this path comes from behind the Ingress.
    public static String missing(int status, String body) {
        if (status >= 500) return "HTTP " + status;
        return status == 404 && body.startsWith("default backend") ? "no route yet" : "";
    }

    public String url() {
        return "http://" + (host.isEmpty() ? "localhost" : host) + path;
    }
}
