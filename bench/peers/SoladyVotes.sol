// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {ERC20} from "solady/src/tokens/ERC20.sol";
import {ERC20Votes} from "solady/src/tokens/ERC20Votes.sol";

/// Solady's votes with the clock that ours has.
contract SoladyVotes is ERC20Votes {
    constructor(address[] memory holders, uint256 amount) {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], amount);
    }

    function name() public pure override returns (string memory) {
        return "Studio votes";
    }

    function symbol() public pure override returns (string memory) {
        return "VOTE";
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }
}
