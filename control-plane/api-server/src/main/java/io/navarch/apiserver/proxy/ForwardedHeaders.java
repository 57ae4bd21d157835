package io.navarch.apiserver.proxy;

import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HopByHop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of a call's headers goes on with it, and what of its answer's comes back. Who calls is between the caller and
/// this server: whoever stands behind it hears nothing of that.
///
/// @param identity whether a header may say who calls
public record ForwardedHeaders(Predicate<String> identity) {
    private static final String IMPERSONATION = "impersonate-";

    /// An upgrade is between the two ends, so that only these belong to this hop; its body is read here.
    private static final Set<String> OF_AN_UPGRADES_HOP =
            Set.of("authorization", "content-length", "transfer-encoding", "expect");

    /// A pod does not say which pages may use this server.
    private static final Set<String> CROSS_ORIGIN = Set.of(
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin");

    /// A call that somebody else answers.
    ///
    /// @param path of the whole call as it was sent
    public List<Map.Entry<String, String>> request(Exchange exchange, String path) {
        var result = new ArrayList<Map.Entry<String, String>>();
        for (var header : passed(HopByHop.without(exchange.headers()), Set.of("authorization", "content-length"))) {
            if (!header.getKey().equalsIgnoreCase(HeaderNames.X_FORWARDED_URI)) result.add(header);
        }
        result.add(Map.entry(HeaderNames.X_FORWARDED_URI, path));
        return from(exchange, result);
    }

    /// A call with which the connection is to become another one.
    public List<Map.Entry<String, String>> upgrade(Exchange exchange) {
        return from(exchange, passed(exchange.headers(), OF_AN_UPGRADES_HOP));
    }

    /// The same for an agent, which is called by its own name.
    public static List<Map.Entry<String, String>> withoutHost(Collection<Map.Entry<String, String>> headers) {
        return headers.stream()
                .filter(header -> !header.getKey().equalsIgnoreCase(HeaderNames.HOST))
                .toList();
    }

    public static List<Map.Entry<String, String>> answer(List<Map.Entry<String, String>> headers) {
        return HopByHop.without(headers);
    }

    /// Who answers for this server does not say which pages may use it.
    public static List<Map.Entry<String, String>> ownAnswer(List<Map.Entry<String, String>> headers) {
        return HopByHop.without(headers).stream()
                .filter(header -> !CROSS_ORIGIN.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .toList();
    }

    /// The answer of somebody who knows nothing of the path in front of theirs: where it leads, is below that.
    static List<Map.Entry<String, String>> answer(List<Map.Entry<String, String>> headers, Redirect redirect) {
        return ownAnswer(headers).stream()
                .map(header -> header.getKey().equalsIgnoreCase(HeaderNames.LOCATION)
                        ? Map.entry(header.getKey(), redirect.behind(header.getValue()))
                        : header)
                .toList();
    }

    /// Of an answer that is changed on its way.
    static List<Map.Entry<String, String>> withoutLength(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                .filter(header -> !header.getKey().equalsIgnoreCase(HeaderNames.CONTENT_LENGTH))
                .toList();
    }

    private List<Map.Entry<String, String>> passed(Collection<Map.Entry<String, String>> headers, Set<String> dropped) {
        return headers.stream()
                .filter(header -> !dropped.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .filter(header -> !header.getKey().toLowerCase(Locale.ROOT).startsWith(IMPERSONATION))
                .filter(header -> !identity.test(header.getKey()))
                .toList();
    }

    /// Says where a call came from, behind what others have said of that.
    private static List<Map.Entry<String, String>> from(
            Exchange exchange, Collection<Map.Entry<String, String>> headers) {
        var address = exchange.remote().getAddress();
        if (address == null) return List.copyOf(headers);
        var said = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(HeaderNames.X_FORWARDED_FOR))
                .map(Map.Entry::getValue);
        var all = Stream.concat(said, Stream.of(address.getHostAddress())).collect(Collectors.joining(", "));
        return Stream.concat(
                        headers.stream()
                                .filter(header -> !header.getKey().equalsIgnoreCase(HeaderNames.X_FORWARDED_FOR)),
                        Stream.of(Map.entry(HeaderNames.X_FORWARDED_FOR, all)))
                .toList();
    }
}
