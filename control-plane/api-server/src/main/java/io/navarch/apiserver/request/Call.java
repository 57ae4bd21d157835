package io.navarch.apiserver.request;

import io.navarch.http.Exchange;
import io.navarch.objects.Encoded;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One API call, whatever it came over: a socket, or a component in the same process.
public interface Call {
    String method();

    /// The decoded path, without the query.
    String path();

    /// The path with the query, as it was sent.
    default String uri() {
        return path();
    }

    Map<String, List<String>> query();

    /// The first value of a header, or `""`.
    String header(String name);

    /// All headers; one that was sent several times is there as often.
    List<Map.Entry<String, String>> headers();

    byte[] body(int limit) throws IOException;

    /// Whether the body is there in full, so that reading it waits for nobody.
    boolean arrived();

    /// The certificate that the client has shown, and then those it has sent to make it believed; whether it is to be,
    /// is not decided yet.
    List<X509Certificate> clientCertificates();

    /// The identity of a caller in this process; any other must be proved by certificate or token.
    Optional<User> trusted();

    void respond(int status, Map<String, String> headers, byte[] body) throws IOException;

    /// Starts a response of unknown length. Only closing the stream makes it a whole one: whoever breaks off leaves it
    /// open.
    ///
    /// @param headers of which several may have one name
    OutputStream start(int status, Collection<Map.Entry<String, String>> headers) throws IOException;

    /// Writes bytes that are never changed again, without copying them where the transport can do so.
    void writeShared(OutputStream stream, byte[]... parts) throws IOException;

    /// Whether what is written to the stream goes on its way without waiting for whoever reads it.
    default boolean ready(OutputStream stream) {
        return true;
    }

    /// Waits until what has been written has been sent, or cannot be because nobody reads it.
    default void settle(OutputStream stream) throws IOException {}

    /// Writes an event of a watch.
    default void writeEvent(OutputStream stream, String type, Encoded object) throws IOException {
        writeShared(stream, event(type, object));
    }

    /// An event as a line of JSON, in parts.
    static byte[][] event(String type, Encoded object) {
        var head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
        return new byte[][] {head, object.json(), END_OF_EVENT};
    }

    byte[] END_OF_EVENT = {'}', '\n'};

    /// Runs when the caller goes away.
    void onClose(Runnable action);

    /// It is known what is to become of the call: the server may look at the next ones.
    default void entered() {}

    /// The HTTP exchange behind the call; there is none in process, where nothing can be upgraded.
    Optional<Exchange> exchange();

    /// A boolean parameter: anything but `false` and `0` means yes, as long as it is given.
    default boolean flag(String name) {
        var values = query().get(name);
        if (values == null || values.isEmpty()) return false;
        var value = values.getFirst();
        return !value.equalsIgnoreCase("false") && !value.equals("0");
    }

    /// The first value of a parameter, or `""`.
    default String query(String name) {
        var values = query().get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }
}
