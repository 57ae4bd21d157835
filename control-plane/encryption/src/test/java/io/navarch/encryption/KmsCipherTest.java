package io.navarch.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a key service that turns bits around, behind a real socket.
class KmsCipherTest {
    private static final byte[] CONTEXT = "/registry/secrets/a/b".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE = "hidden".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final AtomicInteger decryptions = new AtomicInteger();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private volatile String keyId = "first";
    private volatile String health = "ok";
    private volatile Instant now = Instant.EPOCH;
    private Server server;
    private GrpcKeyService service;

    @BeforeEach
    void start() throws Exception {
        var socket = directory.resolve("kms.sock");
        server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(ServerServiceDefinition.builder("v2.KeyManagementService")
                        .addMethod(GrpcKeyService.STATUS, answer(this::status))
                        .addMethod(GrpcKeyService.ENCRYPT, answer(this::encrypt))
                        .addMethod(GrpcKeyService.DECRYPT, answer(this::decrypt))
                        .build())
                .build()
                .start();
        service = new GrpcKeyService(socket, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.close();
        server.shutdownNow().awaitTermination();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static io.grpc.ServerCallHandler<byte[], byte[]> answer(Function<byte[], byte[]> with) {
        return ServerCalls.asyncUnaryCall((request, observer) -> {
            observer.onNext(with.apply(request));
            observer.onCompleted();
        });
    }

    private byte[] status(byte[] request) {
        return new WireMessage().text(1, "v2").text(2, health).text(3, keyId).write();
    }

    private byte[] encrypt(byte[] request) {
        return new WireMessage()
                .bytes(1, turned(WireMessage.read(request, 0).bytes(1)))
                .text(2, keyId)
                .map(3, Map.of("note.example.com", new byte[] {1}))
                .write();
    }

    private byte[] decrypt(byte[] request) {
        decryptions.incrementAndGet();
        var message = WireMessage.read(request, 4);
        assertThat(message.map(4)).containsOnlyKeys("note.example.com");
        return new WireMessage().bytes(1, turned(message.bytes(1))).write();
    }

    private static byte[] turned(byte[] bytes) {
        var result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) result[i] = (byte) ~bytes[i];
        return result;
    }

    private KmsCipher cipher() {
        return new KmsCipher("test", service, () -> now, new SecureRandom());
    }

    @Test
    void anotherProcessReadsWhatOneHasWrittenAndAsksOncePerSeed() {
        var writer = cipher();
        var one = writer.seal(VALUE, CONTEXT);
        var other = writer.seal(VALUE, CONTEXT);
        assertThat(one).isNotEqualTo(other);
        var reader = cipher();
        reader.check();
        assertThat(reader.open(one, CONTEXT).value()).isEqualTo(VALUE);
        assertThat(reader.open(other, CONTEXT).current()).isTrue();
        assertThat(decryptions).hasValue(1);
        assertThatThrownBy(() -> reader.open(one, new byte[1])).isInstanceOf(UnreadableValueException.class);
    }

    @Test
    void whatNeedsNoAnswerWaitsForNone() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var held = new KeyService() {
            volatile boolean slow;

            @Override
            public Status status() {
                if (slow) {
                    asked.countDown();
                    await(go);
                }
                return service.status();
            }

            @Override
            public Sealed encrypt(byte[] plain, String uid) {
                return service.encrypt(plain, uid);
            }

            @Override
            public byte[] decrypt(Sealed sealed, String uid) {
                return service.decrypt(sealed, uid);
            }

            @Override
            public void close() {}
        };
        var cipher = new KmsCipher("test", held, () -> now, new SecureRandom());
        var sealed = cipher.seal(VALUE, CONTEXT);
        held.slow = true;
        var checked = CompletableFuture.runAsync(cipher::check, Thread::startVirtualThread);
        await(asked);
        try {
            var other = CompletableFuture.supplyAsync(() -> cipher.open(cipher.seal(VALUE, CONTEXT), CONTEXT));
            assertThat(other.get(10, TimeUnit.SECONDS).value()).isEqualTo(VALUE);
            assertThat(cipher.open(sealed, CONTEXT).current()).isTrue();
        } finally {
            go.countDown();
        }
        checked.get(10, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNewKeyOfTheServiceMakesOldValuesStale() {
        var cipher = cipher();
        var old = cipher.seal(VALUE, CONTEXT);
        keyId = "second";
        cipher.check();
        assertThat(cipher.open(old, CONTEXT).current()).isFalse();
        assertThat(cipher.open(cipher.seal(VALUE, CONTEXT), CONTEXT).current()).isTrue();
    }

    @Test
    void aSeedIsNotWrittenWithForLongWhenTheServiceIsGone() throws InterruptedException {
        var cipher = cipher();
        cipher.seal(VALUE, CONTEXT);
        server.shutdownNow().awaitTermination();
        now = now.plus(Duration.ofMinutes(2));
        cipher.seal(VALUE, CONTEXT);
        now = now.plus(Duration.ofMinutes(2));
        assertThatThrownBy(() -> cipher.seal(VALUE, CONTEXT))
                .isInstanceOf(UnreadableValueException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void anUnwellServiceIsNotWrittenWith() {
        health = "the vault is sealed";
        assertThatThrownBy(() -> cipher().seal(VALUE, CONTEXT)).hasMessageContaining("the vault is sealed");
    }
}
