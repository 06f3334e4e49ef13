package io.muxio.benchmarks.codec;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.muxio.benchmarks.codec.proto.ItemMessage;
import io.muxio.benchmarks.codec.proto.ItemsMessage;
import io.muxio.benchmarks.codec.proto.ReadingMessage;
import io.muxio.benchmarks.codec.proto.SamplesMessage;
import java.util.ArrayList;
import java.util.List;

/** Records to Protobuf's messages and back. */
final class ProtobufMessages {
  private ProtobufMessages() {}

  @SuppressWarnings("unchecked") // it is the value of the shape
  static MessageLite messageOf(Object value, Shape shape) {
    return switch (shape) {
      case RECORD -> message((Reading) value);
      case DOUBLES -> message((double[]) value);
      case LIST -> message((List<Item>) value);
    };
  }

  static Parser<? extends MessageLite> parserOf(Shape shape) {
    return switch (shape) {
      case RECORD -> ReadingMessage.parser();
      case DOUBLES -> SamplesMessage.parser();
      case LIST -> ItemsMessage.parser();
    };
  }

  static Object valueOf(MessageLite message, Shape shape) {
    return switch (shape) {
      case RECORD -> reading((ReadingMessage) message);
      case DOUBLES -> samples((SamplesMessage) message);
      case LIST -> items((ItemsMessage) message);
    };
  }

  private static MessageLite message(Reading reading) {
    return ReadingMessage.newBuilder()
        .setSensor(reading.sensor())
        .setSeconds((int) reading.seconds())
        .setValue(reading.value())
        .setQuality(reading.quality())
        .setValid(reading.valid())
        .build();
  }

  private static Reading reading(ReadingMessage message) {
    return new Reading(
        message.getSensor(),
        Integer.toUnsignedLong(message.getSeconds()),
        message.getValue(),
        message.getQuality(),
        message.getValid());
  }

  private static MessageLite message(double[] samples) {
    SamplesMessage.Builder message = SamplesMessage.newBuilder();
    for (double sample : samples) {
      message.addValues(sample);
    }
    return message.build();
  }

  private static double[] samples(SamplesMessage message) {
    double[] samples = new double[message.getValuesCount()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = message.getValues(i);
    }
    return samples;
  }

  private static MessageLite message(List<Item> items) {
    ItemsMessage.Builder message = ItemsMessage.newBuilder();
    for (Item item : items) {
      message.addItems(
          ItemMessage.newBuilder()
              .setId(item.id())
              .setCents((int) item.cents())
              .setName(item.name()));
    }
    return message.build();
  }

  private static List<Item> items(ItemsMessage message) {
    List<Item> items = new ArrayList<>(message.getItemsCount());
    for (ItemMessage item : message.getItemsList()) {
      items.add(new Item(item.getId(), Integer.toUnsignedLong(item.getCents()), item.getName()));
    }
    return items;
  }
}
