// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {LibClone} from "solady/src/utils/LibClone.sol";

/// Deploys Solady's smallest ERC-1967 proxy.
contract SoladyProxies {
    event Deployed(address proxy);

    function deploy(address code) external {
        emit Deployed(LibClone.deployERC1967(code));
    }
}
