package io.navarch.aggregation;

import io.navarch.aggregation.status.EndpointChoice.UnresolvedException;
import io.navarch.aggregation.status.Registration;
import io.navarch.apiserver.delegation.RegisteredVersion.Elsewhere;
import io.navarch.apiserver.discovery.Published;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a server behind an APIService what it serves.
record ContentsFetch(Relay relay) {
    private static final Logger LOG = LoggerFactory.getLogger(ContentsFetch.class);
    private static final User DISCOVERER = new User("system:kube-aggregator", "", List.of(User.MASTERS), Map.of());
    private static final User READER = new User("system:aggregator", "", List.of(), Map.of());

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int DISCOVERY = 8 << 20;
    private static final int SCHEMAS = 32 << 20;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;

    /// @param before what was known
    Contents fetch(Registration registration, Backends.Secured secured, Contents before) {
        if (!registration.available()) return before.stale();
        Contents found;
        try {
            found = discover(registration, secured, before);
        } catch (IOException | UnresolvedException | IllegalArgumentException | Json.MalformedException e) {
            LOG.warn("discovery of {}: {}", registration.name(), e.getMessage());
            return before.stale();
        }
        var two = two(registration, secured, before.two());
        return found.with(two, three(registration, secured, two, before.three()));
    }

    private static List<Map.Entry<String, String>> headers(User user, String accept, String tag) {
        var headers = new ArrayList<>(CallerHeaders.of(user));
        headers.add(Map.entry(HeaderNames.ACCEPT, accept));
        if (!tag.isEmpty()) headers.add(Map.entry(HeaderNames.IF_NONE_MATCH, tag));
        return headers;
    }

    private Contents discover(Registration registration, Backends.Secured secured, Contents before)
            throws IOException, UnresolvedException {
        var group = registration.group();
        var version = registration.version();
        var all = relay.ask(
                secured, "/apis", headers(DISCOVERER, ForeignDiscovery.ACCEPT, before.tag()), SOON, DISCOVERY);
        if (all.status() == NOT_MODIFIED && !before.tag().isEmpty()) return before;
        if (all.status() == 200 && ForeignDiscovery.aggregated(all.type()))
            return before.with(new Elsewhere(ForeignDiscovery.ofAll(all.body(), group, version), true), all.tag());
        var one = relay.ask(secured, registration.path(), headers(DISCOVERER, "application/json", ""), SOON, DISCOVERY);
        var list = one.good().orElseThrow(() -> new IOException("HTTP " + one.status()));
        return before.with(new Elsewhere(ForeignDiscovery.ofOne(list, group, version), true), "");
    }

    /// Who has no OpenAPI, or not now, is served all the same.
    private Contents.Two two(Registration registration, Backends.Secured secured, Contents.Two before) {
        try {
            var answer =
                    relay.ask(secured, "/openapi/v2", headers(READER, "application/json", before.tag()), LONG, SCHEMAS);
            if (answer.good().isEmpty()) return before;
            var part = ForeignOpenApi.two(answer.body(), registration.path() + "/");
            return new Contents.Two(Optional.of(part), answer.tag());
        } catch (IOException | UnresolvedException | IllegalArgumentException | Json.MalformedException e) {
            LOG.warn("OpenAPI of {}: {}", registration.name(), e.getMessage());
            return before;
        }
    }

    /// Of a server that knows nothing of OpenAPI 3.
    private static Optional<PublishedThree> converted(Contents.Two two, Optional<PublishedThree> before) {
        boolean known = before.isPresent()
                && before.get() instanceof PublishedThree.Converted converted
                && !two.tag().isEmpty()
                && converted.tag().equals(two.tag());
        if (known) return before;
        return two.document()
                .map(document -> new PublishedThree.Converted(
                        Published.of(Json.write(OpenApiConversion.three(document))), two.tag()));
    }

    private Optional<PublishedThree> three(
            Registration registration, Backends.Secured secured, Contents.Two two, Optional<PublishedThree> before) {
        try {
            var answer = relay.ask(secured, "/openapi/v3", headers(READER, "application/json", ""), LONG, DISCOVERY);
            if (answer.status() == NOT_FOUND) return converted(two, before);
            return answer.good()
                    .map(index -> ForeignOpenApi.three(
                                    index, registration.path().substring(1))
                            .<PublishedThree>map(PublishedThree.There::new))
                    .orElse(before);
        } catch (IOException | UnresolvedException | IllegalArgumentException | Json.MalformedException e) {
            LOG.warn("OpenAPI of {}: {}", registration.name(), e.getMessage());
            return before;
        }
    }
}
