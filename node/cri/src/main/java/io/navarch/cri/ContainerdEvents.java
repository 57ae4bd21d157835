package io.navarch.cri;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What containerd tells of by itself, besides the CRI: its own service of events, of which three messages are read
/// (`api/services/events/v1`, `api/events` of containerd 1 and 2). Only that something has happened is taken from them.
final class ContainerdEvents {
    private static final String EXIT = "/tasks/exit";
    private static final List<String> TOPICS =
            List.of("/containers/create", "/containers/delete", "/tasks/start", "/tasks/oom", EXIT, "/tasks/delete");

    private static final int FILTERS = 1;
    private static final int TOPIC = 3;
    private static final int EVENT = 4;
    private static final int ANY_VALUE = 2;
    private static final int CONTAINER = 1;
    private static final int PROCESS = 2;

    private ContainerdEvents() {}

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    static MethodDescriptor<byte[], byte[]> subscribe() {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName("containerd.services.events.v1.Events/Subscribe")
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
    }

    /// Asks for what concerns containers.
    static byte[] request() {
        var bytes = new ByteArrayOutputStream();
        try {
            var out = CodedOutputStream.newInstance(bytes);
            for (var topic : TOPICS) out.writeString(FILTERS, "topic==\"" + topic + '"');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Whether a container may have changed: what runs in it besides its own process (probes, `kubectl exec`) comes and
    /// goes.
    static boolean concerns(byte[] envelope) {
        try {
            var told = fields(envelope);
            if (!text(told, TOPIC).equals(EXIT)) return true;
            var exit = fields(fields(told.getOrDefault(EVENT, NOTHING)).getOrDefault(ANY_VALUE, NOTHING));
            return text(exit, CONTAINER).equals(text(exit, PROCESS));
        } catch (IOException e) {
            return true;
        }
    }

    private static final byte[] NOTHING = {};

    private static String text(Map<Integer, byte[]> fields, int number) {
        return new String(fields.getOrDefault(number, NOTHING), StandardCharsets.UTF_8);
    }

    /// The texts and messages of a message.
    private static Map<Integer, byte[]> fields(byte[] message) throws IOException {
        var fields = new HashMap<Integer, byte[]>();
        var in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED)
                fields.put(WireFormat.getTagFieldNumber(tag), in.readByteArray());
            else if (!in.skipField(tag)) break;
        }
        return fields;
    }
}
