// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// OpenZeppelin's ERC-721, minted by its owner and numbered from one.
contract PlainPasses is ERC721, Ownable {
    uint256 private _last;

    constructor() ERC721("Studio", "STU") Ownable(msg.sender) {}

    function mint(address to) external onlyOwner {
        _mint(to, ++_last);
    }

    function mintMany(address[] calldata to) external onlyOwner {
        uint256 last = _last;
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], ++last);
        _last = last;
    }
}
