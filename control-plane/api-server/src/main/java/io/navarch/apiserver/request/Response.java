package io.navarch.apiserver.request;

import io.navarch.apiserver.timing.CallTimes;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.objects.Yaml;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The answer to one call: the form it takes, the warnings it carries, and whether it has begun. Used by the
/// thread that serves the call, and only by that.
public final class Response {
    /// From so many bytes on it matters how much a call reads.
    private static final long MUCH = 1 << 20;

    private final Call call;
    private final Protobuf protobuf;
    private final Warnings warnings = new Warnings();
    private final AuditAnnotations annotations = new AuditAnnotations();
    private MediaType form = MediaType.JSON;
    private boolean begun;
    private long begunAt;
    private Seat seat = Seat.NONE;
    private final BodyBudget bodies;
    private long reserved;
    private String flowSchema = "";
    private String priorityLevel = "";
    private int code;
    private long bytes;
    private long received;
    private long waited;
    private final CallTimes times = new CallTimes();
    private String auditId = "";
    private String caller = "";
    private Runnable over = () -> {};
    private Optional<AuditRecord> audited = Optional.empty();

    public Response(Call call, Protobuf protobuf, BodyBudget bodies) {
        this.call = call;
        this.protobuf = protobuf;
        this.bodies = bodies;
    }

    /// Makes room for the call's body, until the call has ended.
    ///
    /// @return false when there is none
    boolean reserve(long bytes) {
        if (!bodies.take(bytes)) return false;
        reserved += bytes;
        return true;
    }

    /// Refuses a call from outside that would take much memory while there is little.
    ///
    /// @param bytes of the objects that it reads
    public void requireMemory(long bytes) {
        if (bytes > MUCH && call.trusted().isEmpty() && bodies.scarce()) throw BodyBudget.tooMany();
    }

    private void began() {
        if (!begun) begunAt = System.nanoTime();
        begun = true;
    }

    /// All of the answer that there will be is on its way.
    public void written() {
        if (begun) times.add(CallTimes.Part.WRITING, "Write the answer", begunAt, System.nanoTime());
    }

    /// The call has ended.
    public void end() {
        bodies.give(reserved);
        reserved = 0;
    }

    /// The form that was negotiated; JSON until then.
    public MediaType form() {
        return form;
    }

    public void form(MediaType negotiated) {
        form = negotiated;
    }

    public Protobuf protobuf() {
        return protobuf;
    }

    /// Whether something has been sent, so that an error can no longer be answered.
    public boolean begun() {
        return begun;
    }

    /// The code that was answered; 0 when nothing was, or by other means.
    public int code() {
        return code;
    }

    /// How much has been answered so far, as far as that went through this object.
    public long bytes() {
        return bytes;
    }

    /// A part of an answer of unknown length is on its way.
    public void sent(long more) {
        bytes += more;
    }

    /// When the call came, and how long it waited for its turn since, in nanoseconds of a clock that nobody can set.
    public long received() {
        return received;
    }

    public void received(long nanos) {
        received = nanos;
    }

    public long waited() {
        return waited;
    }

    public void waited(long nanos) {
        waited = nanos;
    }

    /// The answer begins, by other means than this object's.
    public void begin() {
        began();
        audited.ifPresent(AuditRecord::begin);
    }

    /// Which flow schema and which priority level the call belongs to, by their UIDs.
    public void flow(String schema, String level) {
        flowSchema = schema;
        priorityLevel = level;
    }

    /// The call's place among those that are served.
    public Seat seat() {
        return seat;
    }

    public void seat(Seat taken) {
        seat = taken;
    }

    /// Keeps what an audit of the call is to tell besides the call itself.
    ///
    /// @param key a qualified name; what has none, and a second value, is not kept
    public void annotate(String key, String value) {
        annotations.add(key, value);
    }

    /// What an audit of the call is to tell besides the call itself.
    public Map<String, String> auditAnnotations() {
        return annotations.all();
    }

    /// What the call is called in all that is written of it; `""` when nobody will ask.
    public String auditId() {
        return auditId;
    }

    public void auditId(String id) {
        auditId = id;
    }

    /// @param action runs when nothing more happens for the call
    public void whenOver(Runnable action) {
        over = action;
    }

    /// Nothing more happens for the call.
    public void over() {
        over.run();
    }

    /// How long the parts of the call take.
    public CallTimes times() {
        return times;
    }

    /// The name of who calls, `""` until that is known.
    public String caller() {
        return caller;
    }

    public void caller(String name) {
        caller = name;
    }

    /// What is to be written down of the call, if anything is.
    public Optional<AuditRecord> audited() {
        return audited;
    }

    public void audited(AuditRecord record) {
        audited = Optional.of(record);
    }

    /// Adds a `Warning` header (code 299).
    public void warn(String text) {
        warnings.add(text);
    }

    /// Whether a long answer may be compressed.
    public boolean takesGzip() {
        return call.exchange().isPresent()
                && Arrays.stream(call.header(HeaderNames.ACCEPT_ENCODING).split(","))
                        .anyMatch(coding -> coding.split(";")[0].strip().equals("gzip"));
    }

    /// The headers of an answer of this type; the caller may add to them.
    public Map<String, String> headers(String contentType) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(HeaderNames.CONTENT_TYPE, contentType);
        headers.put(HeaderNames.CACHE_CONTROL, "no-cache, private");
        if (!auditId.isEmpty()) headers.put("Audit-ID", auditId);
        if (!flowSchema.isEmpty()) headers.put(HeaderNames.FLOW_SCHEMA, flowSchema);
        if (!priorityLevel.isEmpty()) headers.put(HeaderNames.PRIORITY_LEVEL, priorityLevel);
        for (var warning : warnings.sent()) {
            // The transport replaces headers rather than adding to them, so all warnings share one.
            var quoted =
                    warning.replaceAll("\\p{Cntrl}+", " ").replace("\\", "\\\\").replace("\"", "\\\"");
            headers.merge(HeaderNames.WARNING, "299 - \"" + quoted + "\"", (one, other) -> one + ", " + other);
        }
        return headers;
    }

    /// Answers a tree in the encoding that was negotiated.
    public void send(int status, Map<String, Object> tree) throws IOException {
        audited.ifPresent(record -> record.answered(tree));
        long since = System.nanoTime();
        var bytes = encoded(tree);
        times.add(CallTimes.Part.SERIALIZATION, "SerializeObject", since, System.nanoTime());
        sendBytes(status, contentType(), bytes);
    }

    private String contentType() {
        if (form.yaml()) return ContentTypes.YAML;
        return form.protobuf() ? Protobuf.MEDIA_TYPE : ContentTypes.JSON;
    }

    private byte[] encoded(Map<String, Object> tree) {
        if (form.yaml()) return Yaml.writeSorted(tree).getBytes(StandardCharsets.UTF_8);
        return form.protobuf() ? protobuf.encode(tree) : Json.write(tree);
    }

    public void sendBytes(int status, String contentType, byte[] body) throws IOException {
        send(status, headers(contentType), body);
    }

    public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
        begin(status);
        bytes += body.length;
        call.respond(status, headers, body);
    }

    private void begin(int status) {
        began();
        code = status;
        audited.ifPresent(AuditRecord::begin);
    }

    /// Starts an answer of unknown length.
    public OutputStream start(int status, Map<String, String> headers) throws IOException {
        return start(status, headers.entrySet());
    }

    /// The same with headers of which several may have one name.
    public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) throws IOException {
        begin(status);
        return call.start(status, headers);
    }
}
