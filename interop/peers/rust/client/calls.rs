//! Ways to call a server: whole arguments through the published caller, streams through the published dispatcher.

use crate::checks::Outcome;
use muxio_core::rpc::{
    RpcRequest,
    rpc_internals::{RpcStreamEncoder, RpcStreamEvent, rpc_trait::RpcEmit},
};
use muxio_rpc_service::{
    constants::DEFAULT_SERVICE_MAX_CHUNK_SIZE,
    error::{RpcServiceError, RpcServiceErrorPayload},
    method_id_hash,
    prebuffered::RpcMethodPrebuffered,
};
use muxio_rpc_service_caller::{RpcServiceCallerInterface, prebuffered::RpcCallPrebuffered};
use muxio_tokio_rpc_client::RpcClient;
use std::{fmt::Debug, io, sync::Arc};
use tokio::sync::mpsc::{self, UnboundedReceiver};

pub const ECHO: u64 = method_id_hash("echo");

/// A method whose argument and answer are bytes as they are.
pub struct Raw<const METHOD: u64>;

impl<const METHOD: u64> RpcMethodPrebuffered for Raw<METHOD> {
    const METHOD_ID: u64 = METHOD;
    type Input = Vec<u8>;
    type Output = Vec<u8>;

    fn encode_request(input: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(input)
    }

    fn decode_request(bytes: &[u8]) -> io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }

    fn encode_response(output: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(output)
    }

    fn decode_response(bytes: &[u8]) -> io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }
}

pub async fn connect(host: &str, port: u16) -> Result<Arc<RpcClient>, String> {
    RpcClient::new(host, port).await.map_err(|failure| format!("cannot connect: {failure}"))
}

pub async fn raw<const METHOD: u64>(client: &RpcClient, argument: Vec<u8>) -> Result<Vec<u8>, String> {
    Raw::<METHOD>::call(client, argument).await.map_err(described)
}

/// Calls a method that must fail, and returns what the published client makes of the failure.
pub async fn error_of<const METHOD: u64>(client: &RpcClient) -> Result<RpcServiceErrorPayload, String> {
    match Raw::<METHOD>::call(client, vec![1, 2, 3]).await {
        Err(RpcServiceError::Rpc(payload)) => Ok(payload),
        other => Err(format!("{other:?}, expected an error answer")),
    }
}

/// Calls a method that answers with its argument.
pub async fn echoes<const METHOD: u64>(client: &RpcClient, argument: Vec<u8>) -> Outcome {
    same(&raw::<METHOD>(client, argument.clone()).await?, &argument)
}

/// A call whose body goes out chunk by chunk and whose answer comes in as events.
pub struct StreamingCall {
    pub request: RpcStreamEncoder<Box<dyn RpcEmit + Send + Sync>>,
    pub answer: UnboundedReceiver<RpcStreamEvent>,
}

impl StreamingCall {
    /// Goes to the dispatcher itself: the streaming call of 0.10 does not return before the answer has begun.
    pub async fn open(client: &RpcClient, method: u64) -> Result<Self, String> {
        let (events, answer) = mpsc::unbounded_channel();
        let emit = client.get_emit_fn();
        let emit: Box<dyn RpcEmit + Send + Sync> = Box::new(move |frame: &[u8]| emit(frame.to_vec()));
        let call = RpcRequest {
            rpc_method_id: method,
            rpc_param_bytes: None,
            rpc_prebuffered_payload_bytes: None,
            is_finalized: false,
        };
        let on_event = move |event| {
            let _ = events.send(event);
        };
        let dispatcher = client.get_dispatcher();
        let request = dispatcher
            .lock()
            .await
            .call(call, DEFAULT_SERVICE_MAX_CHUNK_SIZE, emit, Some(on_event), false)
            .map_err(described)?;
        Ok(Self { request, answer })
    }

    /// Sends the chunk as a frame of its own; the first one follows the RPC header.
    pub fn send(&mut self, chunk: &[u8]) -> Outcome {
        self.request.write_bytes(chunk).map_err(described)?;
        self.request.flush().map_err(described)?;
        Ok(())
    }

    pub fn end(&mut self) -> Outcome {
        self.request.end_stream().map(drop).map_err(described)
    }

    pub fn cancel(&mut self) -> Outcome {
        self.request.cancel_stream().map(drop).map_err(described)
    }

    /// Nothing may come back for a cancelled call.
    pub fn unanswered(&mut self) -> Outcome {
        match self.answer.try_recv() {
            Ok(event) => Err(format!("{event:?} as the answer to a cancelled call, expected none")),
            Err(_) => Ok(()),
        }
    }

    /// The whole answer, once it has ended.
    pub async fn collect(mut self) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        let mut status = None;
        while let Some(event) = self.answer.recv().await {
            match event {
                RpcStreamEvent::Header { rpc_header, .. } => status = Some(rpc_header.rpc_metadata_bytes.clone()),
                RpcStreamEvent::PayloadChunk { bytes, .. } => body.extend(bytes),
                RpcStreamEvent::End { .. } if matches!(status.as_deref(), Some([0] | [])) => return Ok(body),
                RpcStreamEvent::End { .. } => return Err(format!("answer with status {status:?}, expected 0")),
                RpcStreamEvent::Error { frame_decode_error, .. } => return Err(described(frame_decode_error)),
            }
        }
        Err("the connection went away before the answer ended".into())
    }
}

/// Bytes that look random and are the same for the same seed.
pub fn noise(seed: usize, length: usize) -> Vec<u8> {
    let mut state = (seed as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bytes.extend((mixed ^ (mixed >> 29)).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub fn same(actual: &[u8], expected: &[u8]) -> Outcome {
    if actual == expected {
        return Ok(());
    }
    let common = actual.iter().zip(expected).take_while(|(left, right)| left == right).count();
    Err(format!("{} bytes, expected {}; the first {common} are the same", actual.len(), expected.len()))
}

/// On one line, with control characters escaped.
pub fn described(failure: impl Debug) -> String {
    format!("{failure:?}")
}
