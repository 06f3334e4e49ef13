//! Streams of which one end takes a mebibyte a second, and the other writes as fast as it can.

use crate::{
    calls::{connect, described, noise, request_of},
    options::{Flow, FlowPlan},
    streaming::StreamingCall,
};
use futures_util::StreamExt;
use muxio_core::rpc::rpc_internals::{RpcStreamEvent, rpc_trait::RpcEmit};
use muxio_rpc_service::{constants::DEFAULT_SERVICE_MAX_CHUNK_SIZE, method_id_hash};
use muxio_rpc_service_caller::{DynamicChannelType, RpcServiceCallerInterface};
use muxio_tokio_rpc_client::RpcClient;
use std::{
    fs, thread,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::block_in_place, time::timeout_at};

const MEBIBYTE: u64 = 1 << 20;

/// As long as a frame's payload gets.
const CHUNK: usize = 65_536;

pub async fn run(host: &str, port: u16, limit: Duration, plan: &FlowPlan) -> Result<String, String> {
    let end = Instant::now() + Duration::from_secs(plan.seconds);
    let streamed = async {
        let client = connect(host, port).await?;
        match plan.flow {
            Flow::SlowReader => slow_reader(&client, plan, end).await,
            Flow::SlowSocket => slow_socket(&client, plan, end).await,
            Flow::FastWriter => fast_writer(&client, plan, end).await,
        }
    };
    let late = |_| format!("not done {} s after its end", limit.as_secs());
    let bytes = timeout_at((end + limit).into(), streamed).await.map_err(late)??;
    Ok(format!("bytes={bytes} peak_kib={}", peak_kib()?))
}

/// The published streaming call, whose answer is taken slowly: what has come waits in the client.
async fn slow_reader(client: &RpcClient, plan: &FlowPlan, end: Instant) -> Result<u64, String> {
    let request = request_of(method_id_hash(&plan.method), &argument(plan));
    let (_, mut answer) = client.call_rpc_streaming(request, DynamicChannelType::Unbounded).await.map_err(described)?;
    let mut pace = Pace::new();
    while Instant::now() < end {
        let Ok(next) = timeout_at(end.into(), answer.next()).await else { break };
        let chunk = next.ok_or("the answer ended")?.map_err(described)?;
        tokio::time::sleep(pace.rest(chunk.len())).await;
    }
    Ok(pace.bytes)
}

/// What the published client calls with each chunk of the answer sleeps, so that it does not read its socket meanwhile.
async fn slow_socket(client: &RpcClient, plan: &FlowPlan, end: Instant) -> Result<u64, String> {
    let (events, mut taken) = mpsc::unbounded_channel();
    let mut pace = Pace::new();
    let on_event = move |event| {
        let outcome = match event {
            RpcStreamEvent::Header { .. } => return,
            RpcStreamEvent::PayloadChunk { bytes, .. } => {
                block_in_place(|| thread::sleep(pace.rest(bytes.len())));
                Ok(pace.bytes)
            }
            end => Err(format!("{end:?}, expected a chunk")),
        };
        let _ = events.send(outcome);
    };
    let emit = client.get_emit_fn();
    let emit: Box<dyn RpcEmit + Send + Sync> = Box::new(move |frame: &[u8]| emit(frame.to_vec()));
    let request = request_of(method_id_hash(&plan.method), &argument(plan));
    let _call = client
        .get_dispatcher()
        .lock()
        .await
        .call(request, DEFAULT_SERVICE_MAX_CHUNK_SIZE, emit, Some(on_event), false)
        .map_err(described)?;
    let mut bytes = 0;
    while let Ok(next) = timeout_at(end.into(), taken.recv()).await {
        bytes = next.ok_or("the connection went away")??;
    }
    Ok(bytes)
}

/// Writes as much as it is told, which waits in the client until the server has taken it.
async fn fast_writer(client: &RpcClient, plan: &FlowPlan, end: Instant) -> Result<u64, String> {
    let mut call = StreamingCall::open(client, method_id_hash(&plan.method)).await?;
    let chunk = noise(0, CHUNK);
    let mut bytes = 0;
    while bytes < plan.mebibytes * MEBIBYTE && Instant::now() < end {
        call.send(&chunk)?;
        bytes += CHUNK as u64;
    }
    tokio::time::sleep_until(end.into()).await;
    call.unanswered()?;
    Ok(bytes)
}

/// How many bytes the server is to write.
fn argument(plan: &FlowPlan) -> [u8; 8] {
    (plan.mebibytes * MEBIBYTE).to_le_bytes()
}

/// A mebibyte a second, from the first chunk on.
struct Pace {
    start: Option<Instant>,
    bytes: u64,
}

impl Pace {
    fn new() -> Self {
        Self { start: None, bytes: 0 }
    }

    /// How long to wait once such a chunk was taken.
    fn rest(&mut self, chunk: usize) -> Duration {
        let start = *self.start.get_or_insert_with(Instant::now);
        self.bytes += chunk as u64;
        Duration::from_secs_f64(self.bytes as f64 / MEBIBYTE as f64).saturating_sub(start.elapsed())
    }
}

/// The most memory that this process has had, as Linux tells it.
fn peak_kib() -> Result<u64, String> {
    let status = fs::read_to_string("/proc/self/status").map_err(described)?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    peak.trim().trim_end_matches(" kB").parse().map_err(described)
}
