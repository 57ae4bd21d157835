package io.navarch.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The [Store] contract on etcd v3, as a check that the interface fits it.
final class EtcdStore implements Store {
    private final ManagedChannel channel;
    private final KVGrpc.KVBlockingStub keys;
    private long compacted;

    EtcdStore(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        keys = KVGrpc.newBlockingStub(channel).withWaitForReady();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static KeyValue keyValue(io.etcd.jetcd.api.KeyValue entry) {
        return new KeyValue(
                entry.getKey().toStringUtf8(),
                entry.getValue().toByteArray(),
                entry.getCreateRevision(),
                entry.getModRevision(),
                entry.getVersion());
    }

    @Override
    public long revision() {
        return keys.range(RangeRequest.newBuilder().setKey(bytes("/none")).build())
                .getHeader()
                .getRevision();
    }

    @Override
    public long compacted() {
        return compacted;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        var response = keys.range(RangeRequest.newBuilder().setKey(bytes(key)).build());
        return response.getKvsCount() == 0 ? Optional.empty() : Optional.of(keyValue(response.getKvs(0)));
    }

    @Override
    public Range range(String start, String end, long revision, int limit) {
        try {
            var response = keys.range(RangeRequest.newBuilder()
                    .setKey(bytes(start))
                    .setRangeEnd(bytes(end))
                    .setRevision(revision)
                    .setLimit(limit)
                    .build());
            long read = revision == 0 ? response.getHeader().getRevision() : revision;
            return new Range(
                    read,
                    response.getKvsList().stream().map(EtcdStore::keyValue).toList(),
                    response.getMore());
        } catch (StatusRuntimeException e) {
            throw e.getMessage().contains("compacted") ? new CompactedException(compacted) : e;
        }
    }

    @Override
    public long count(String start, String end, long revision) {
        return keys.range(RangeRequest.newBuilder()
                        .setKey(bytes(start))
                        .setRangeEnd(bytes(end))
                        .setRevision(revision)
                        .setCountOnly(true)
                        .build())
                .getCount();
    }

    private Outcome transaction(String key, long expected, RequestOp write) {
        var transaction = TxnRequest.newBuilder();
        if (expected != ANY) {
            transaction.addCompare(Compare.newBuilder()
                    .setKey(bytes(key))
                    .setTarget(Compare.CompareTarget.MOD)
                    .setResult(Compare.CompareResult.EQUAL)
                    .setModRevision(expected));
        }
        var response = keys.txn(transaction.addSuccess(write).build());
        if (!response.getSucceeded())
            return new Outcome(false, response.getHeader().getRevision());
        ResponseOp first = response.getResponses(0);
        boolean written = !first.hasResponseDeleteRange()
                || first.getResponseDeleteRange().getDeleted() > 0;
        return new Outcome(written, response.getHeader().getRevision());
    }

    @Override
    public Outcome put(String key, byte[] value, long expected, Duration ttl) {
        var put = PutRequest.newBuilder().setKey(bytes(key)).setValue(ByteString.copyFrom(value));
        return transaction(
                key, expected, RequestOp.newBuilder().setRequestPut(put).build());
    }

    @Override
    public Outcome delete(String key, long expected) {
        var delete = DeleteRangeRequest.newBuilder().setKey(bytes(key));
        return transaction(
                key,
                expected,
                RequestOp.newBuilder().setRequestDeleteRange(delete).build());
    }

    @Override
    public Cursor watch(String prefix, long fromRevision) {
        var responses = new LinkedBlockingQueue<WatchResponse>();
        var requests = WatchGrpc.newStub(channel).watch(new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                responses.add(response);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        });
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(bytes(prefix))
                        .setRangeEnd(bytes(Store.prefixEnd(prefix)))
                        .setStartRevision(fromRevision))
                .build());
        return new Cursor() {
            private long reached = fromRevision - 1;

            @Override
            public long reached() {
                return reached;
            }

            @Override
            public List<Event> poll(Duration wait) throws InterruptedException {
                var response = responses.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
                if (response == null) return List.of();
                if (response.getCompactRevision() > 0) throw new CompactedException(response.getCompactRevision());
                var events = new ArrayList<Event>();
                for (var event : response.getEventsList()) {
                    boolean deletion = event.getTypeValue() == 1;
                    events.add(new Event(
                            event.getKv().getModRevision(),
                            event.getKv().getKey().toStringUtf8(),
                            deletion ? null : event.getKv().getValue().toByteArray(),
                            event.getKv().getCreateRevision()));
                }
                if (!events.isEmpty()) reached = events.getLast().revision();
                return events;
            }

            @Override
            public void close() {
                requests.onCompleted();
            }
        };
    }

    @Override
    public void compact(long revision) {
        keys.compact(CompactionRequest.newBuilder().setRevision(revision).build());
        compacted = revision;
    }

    @Override
    public void rewriteFiles() {
        throw new UnsupportedOperationException("its files are etcd's own");
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
